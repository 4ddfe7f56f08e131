/// What a rollback has to do with one object of the backup, by what there is now.
package enum RestoreDecision: Hashable, Sendable {
  /// It is as it is to be.
  case none
  /// It is gone.
  case create(JSON)
  /// A field of it never changes, so it is deleted and made anew.
  case recreate(JSON)
  case replace(JSON)

  /// Decides for an object of the backup and the live one; nil when that is gone. A Deployment
  /// stays paused until everything is back.
  package init(_ object: JSON, live: JSON?) {
    var wanted = object.content
    if object["kind"] == "Deployment" { wanted = Deployment(wanted).paused.object }
    guard let live else {
      self = .create(wanted)
      return
    }
    if live.content == wanted {
      self = .none
    } else if object.hasOtherAddress(than: live) {
      self = .recreate(wanted)
    } else {
      // A new account has a new token.
      if object["kind"] == "ServiceAccount", let tokens = live["secrets"] {
        wanted = wanted.replacing(["secrets"], with: tokens)
      }
      // A Job's Pods are told by its identity, which is another one when it was made again.
      if wanted.hasDrawnSelector, let spec = live["spec"],
        wanted["spec"] == live.content["spec"]
      {
        wanted = wanted.replacing(["spec"], with: spec)
      }
      self = .replace(
        wanted.replacing(
          ["metadata", "resourceVersion"], with: live["metadata"]?["resourceVersion"] ?? .null))
    }
  }
}

/// What a rollback has to do with an object that the apply created.
package enum CreatedDecision: Hashable, Sendable {
  case delete
  /// It stays: a claim with what the broker wrote, an object of the backup, or somebody else's.
  case keep

  /// Decides by the object as it is now, nil when it is gone, and by whether the backup has an
  /// object of that name, too.
  package init(_ live: JSON?, isInBackup: Bool, release: ReleaseIdentity) {
    guard let live, !isInBackup, live["kind"] != "PersistentVolumeClaim",
      live.belongs(to: release)
    else {
      self = .keep
      return
    }
    self = .delete
  }
}

extension JSON {
  /// Whether the address of a Service is another one, which cannot be changed.
  package func hasOtherAddress(than other: JSON) -> Bool {
    self["kind"] == "Service" && other["spec"]?["clusterIP"] != self["spec"]?["clusterIP"]
  }

  /// Whether helm made the object for a release, by the annotations that helm goes by itself.
  package func belongs(to release: ReleaseIdentity) -> Bool {
    let annotations = self["metadata"]?["annotations"]
    return annotations?["meta.helm.sh/release-name"]?.string == release.name
      && annotations?["meta.helm.sh/release-namespace"]?.string == release.namespace
  }
}

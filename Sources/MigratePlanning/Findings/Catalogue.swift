// Made by scripts/catalogue from the doc comments in this folder; do not edit.
// swift-format-ignore-file

/// The manual of every code, by dimension.
package enum Catalogue {
  package static let pages: [CataloguePage] = [
    variableUnmapped,
    variableInvalid,
    flagNotTrue,
    defaultChanged,
    variableRenamed,
    variableReadFromSecret,
    secretInPlainText,
    variableDuplicated,
    expansionOrder,
    environmentFromSource,
    valueNotExact,
    valueIgnored,
    valueRefused,
    valueUnsupported,
    imageChanged,
    imageTagMutable,
    serviceAccountRenamed,
    serviceAccountUnowned,
    serviceAccountMissing,
    serviceAccountAnnotationsLost,
    roleBindingLeftBehind,
    persistenceDisabled,
    volumeLost,
    dataLeftBehind,
    claimDeletedByRollback,
    singleWriterRollout,
    storageClassMissing,
    serviceRemoved,
    servicePortMoved,
    serviceTypeChanged,
    serviceTargetUnreachable,
    serviceSelectorChanged,
    ingressBackendMissing,
    ingressOrphaned,
    loadBalancerSettingsLost,
    runsAsNonRoot,
    volumeNotWritable,
    privilegedPort,
    capabilitiesDropped,
    podSecurityLevel,
    permissionsAdded,
    probeIntroduced,
    probeWithoutEndpoint,
    replicasChanged,
    schedulingLost,
    resourcesLost,
    imagePullSecretsLost,
    containerLost,
    podSettingsLost,
    strategyChanged,
    brokersOverlap,
    workloadRenamed,
    selectorImmutable,
    releasePending,
    releaseFailed,
    rolloutUnfinished,
    recipeNotApplicable,
    drift,
    fieldConflict,
    fieldChanged,
    changedByAdmission,
    objectRemoved,
    objectUnowned,
    serverRejects,
    noWayBack,
    valueDrawn,
    chartAsksCluster,
    kindNotServed,
    workloadElsewhere,
    managedByGitops,
    chartIsDependency,
    historyPruned,
    releaseTooLarge,
    sourceValuesStale,
  ]

  private static let variableUnmapped = CataloguePage(
    code: #"variable-unmapped"#, dimension: .environment, severities: [.blocker, .breaking, .warning],
    summary: #"A variable of the broker has no place in the target chart."#,
    meaning: [
      .text(#"The values would not carry the variable. Whatever it switched on, pointed to or authenticated can be gone after the upgrade, while helm reports success. Where the Deployment keeps its name, helm's merge may leave the variable there for now, but nothing keeps it."#),
      .text(#"Severity: `blocker`; `breaking` when you chose to drop the variable; `warning` when it is kept, and a `blocker` still where the Deployment is replaced, which keeps nothing."#),
    ],
    cause: [
      .text(#"The target chart has neither a value of its own for the variable nor a list that takes any variable. The embedded chart has such a list, `extraEnv`, so this is about another chart."#),
    ],
    resolution: [
      .text(#"Plan with a chart that takes the variable. If the broker can do without it, let it go:"#),
      .command(#"backbone-migrate plan web --chart ./our-backbone --unmapped drop"#),
      .text(#"A variable can also be kept on the live Deployment, as it is when it was set by hand:"#),
      .command(#"backbone-migrate apply web --chart ./our-backbone --unmapped keep"#),
      .text(#"Helm leaves alone what none of its manifests mentions, so later upgrades keep it as well. It remains a debt: no value says that it is there, and a Deployment that is made anew lacks it."#),
    ],
    source: [
    ])

  private static let variableInvalid = CataloguePage(
    code: #"variable-invalid"#, dimension: .environment, severities: [.warning],
    summary: #"The broker cannot make sense of a variable's value."#,
    meaning: [
      .text(#"A port or a number holds a text that is none, such as `http`, or one out of range, such as `70000`. The broker has been running with whatever it makes of that. The plan keeps the text as it is, among the chart's further variables, so the broker sees what it saw."#),
      .text(#"Severity: `warning`, taken care of as long as the text comes out as it was."#),
    ],
    cause: [
      .text(#"The broker reads ports and numbers with `parseInt`, which finds no usable number here. The chart's own value takes numbers only, so the text cannot go there."#),
    ],
    resolution: [
      .text(#"Find out which number was meant, and give it. This changes what the broker does:"#),
      .command(#"backbone-migrate plan web --set config.httpPort=9000"#),
    ],
    source: [
    ])

  private static let flagNotTrue = CataloguePage(
    code: #"flag-not-true"#, dimension: .environment, severities: [.warning],
    summary: #"A flag of the broker is set to something that does not switch it on."#,
    meaning: [
      .text(#"Somebody wrote `1`, `True`, `yes` or `on`, and may believe that the feature is on. It has been off all the time. The plan keeps it off."#),
      .text(#"Severity: `warning`, taken care of as long as the flag stays off."#),
    ],
    cause: [
      .text(#"The broker takes a flag for on when its text is exactly `true`, and for off otherwise. The chart's value for it is true or false, so the text may come out as `false`: another text with the same meaning."#),
    ],
    resolution: [
      .text(#"If it was meant to be off, there is nothing to do. If it was meant to be on, switch it on, and expect a feature that never ran here before:"#),
      .command(#"backbone-migrate plan web --set ws.enabled=true"#),
    ],
    source: [
    ])

  private static let defaultChanged = CataloguePage(
    code: #"default-changed"#, dimension: .environment, severities: [.breaking, .info],
    summary: #"The target chart's default differs from what the broker did without the variable."#,
    meaning: [
      .text(#"The release leaves the variable out, so the broker goes by its own default. The target chart sets it. Where the broker would read that as something else, the plan pins what was. Variables that the chart sets to what the broker does anyway are named in one line, for information."#),
      .text(#"Severity: `breaking`, taken care of when the plan pins it; `info` when the broker does the same either way."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 set no variables; chart 0.2.0 sets most of them. The one that bites is `K8S_ENABLED`, off when it is left out and `true` in 0.2.0: the broker would begin to work with the Kubernetes API, with a Role that nobody here has reviewed."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep what was. Take the new default by the path of its value:"#),
      .command(#"backbone-migrate plan web --adopt k8s.enabled"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Default K8S_ENABLED to true in chart"."#),
    ])

  private static let variableRenamed = CataloguePage(
    code: #"variable-renamed"#, dimension: .environment, severities: [.blocker, .warning],
    summary: #"A variable has another spelling in the target chart."#,
    meaning: [
      .text(#"The broker reads both spellings as one setting, such as `OIDC_DISCOVERY_URL` and `OIDC_DISCOVERY`. The plan sets the chart's value, which writes the chart's spelling, and keeps the old one beside it where the chart takes further variables. A broker that knows only one of them sees what it saw."#),
      .text(#"Severity: `warning`, taken care of when a spelling is carried; `blocker` when none is."#),
    ],
    cause: [
      .text(#"The chart has one value for the setting, and one spelling for that value."#),
    ],
    resolution: [
      .text(#"There is nothing to do now. Once the upgraded broker has proved itself, take the old spelling out of `extraEnv`. If neither spelling would be carried, set the value yourself:"#),
      .command(#"backbone-migrate plan web --set oidc.discovery=https://id.example.com/"#),
    ],
    source: [
    ])

  private static let variableReadFromSecret = CataloguePage(
    code: #"variable-read-from-secret"#, dimension: .environment, severities: [.blocker, .breaking, .info],
    summary: #"A variable comes from a Secret, and stays there."#,
    meaning: [
      .text(#"The container reads the variable from a key of a Secret. The plan carries the reference and never the value; the Secret is not part of the release and is not touched. Where a `--set` turns a text into such a reference, the broker gets what the Secret holds from then on."#),
      .text(#"Severity: `info` when it stays; `breaking`, accepted by the `--set`, when a text becomes a reference; `blocker` when the Secret, or its key, is not there."#),
    ],
    cause: [
      .text(#"The reference is on the live Deployment, or you asked for it. Helm alone cannot turn a text into one, since the API server refuses what its merge makes of both (`may not be specified when value is not empty`); `backbone-migrate apply` can."#),
    ],
    resolution: [
      .text(#"See that the Secret has the key, and the value that is meant; a Pod that refers to a missing one does not start (`CreateContainerConfigError`). The first command shows the keys and not what they hold; the second moves a token into a Secret on the way:"#),
      .command(#"kubectl describe secret web-credentials --namespace mqtt\#nbackbone-migrate plan web --namespace mqtt \\#n  --set config.adminTokenFrom.secretKeyRef.name=web-credentials \\#n  --set config.adminTokenFrom.secretKeyRef.key=ADMIN_TOKEN"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let secretInPlainText = CataloguePage(
    code: #"secret-in-plain-text"#, dimension: .environment, severities: [.warning],
    summary: #"A secret is written as plain text into the Deployment."#,
    meaning: [
      .text(#"Everyone who may read the Deployment can read the secret. The plan keeps it as it is, which also writes it into the values that helm stores with the release. Reports and the history show `<redacted>` in its place."#),
      .text(#"Severity: `warning`, open until the secret has moved."#),
    ],
    cause: [
      .text(#"`kubectl set env` and `kubectl edit` write plain text unless told otherwise, and chart 0.1.0 had no other way. A variable counts as secret when the broker treats it so, when its name looks so (TOKEN, PASSWORD, KEY …), or when its value does (a URL with a password)."#),
    ],
    resolution: [
      .text(#"Put it into a Secret under the variable's name, from a file without a line break at its end, have the live Deployment read it from there, which restarts the broker, and plan again: the plan carries the reference. Best replace the secret by a new one on that occasion:"#),
      .command(#"kubectl create secret generic web-credentials --namespace mqtt \\#n  --from-file=ADMIN_TOKEN\#nkubectl set env deployment/web --namespace mqtt \\#n  --from=secret/web-credentials --keys=ADMIN_TOKEN"#),
    ],
    source: [
    ])

  private static let variableDuplicated = CataloguePage(
    code: #"variable-duplicated"#, dimension: .environment, severities: [.blocker, .warning],
    summary: #"A variable stands more than once in the container's `env`."#,
    meaning: [
      .text(#"Kubernetes takes the last entry, and so does the plan: it writes the variable once, with that value. The entries before it never counted. Only where the last one is an optional reference that leads nowhere, the one before it counts."#),
      .text(#"Severity: `warning`, taken care of when the variable comes out once; `blocker` when the target writes it twice on a release that helm applies on the server, which refuses duplicates."#),
    ],
    cause: [
      .text(#"An edit added an entry where it should have changed one. It does harm later: a patch that removes one of the two may remove both, and server-side apply refuses duplicates, so helm alone cannot upgrade such a release where it applies on the server; `backbone-migrate apply` can."#),
    ],
    resolution: [
      .text(#"There is nothing to do if the entry that counts is the one that was meant. If it is not, set the value that was:"#),
      .command(#"backbone-migrate plan web --set config.httpPort=9000"#),
      .text(#"If the target chart writes a variable twice, the chart needs mending."#),
    ],
    source: [
    ])

  private static let expansionOrder = CataloguePage(
    code: #"expansion-order"#, dimension: .environment, severities: [.blocker],
    summary: #"A `$(VAR)` would expand to something else after the upgrade."#,
    meaning: [
      .text(#"One variable is made of others, such as `http://broker:$(HTTP_PORT)/`. After the upgrade it would hold another text, or the letters `$(HTTP_PORT)` themselves."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"Kubernetes expands `$(VAR)` from the variables that stand before it in the container's `env` only. The target chart writes its own variables in its own order, and no order that it allows gives what the broker saw."#),
    ],
    resolution: [
      .text(#"Write the text out on the live Deployment, which restarts the broker, and plan again:"#),
      .command(#"kubectl set env deployment/web PUBLIC_URL=http://broker.example:9000/ \\#n  --namespace mqtt"#),
    ],
    source: [
    ])

  private static let environmentFromSource = CataloguePage(
    code: #"environment-from-source"#, dimension: .environment, severities: [.blocker, .breaking, .warning, .info],
    summary: #"A whole ConfigMap or Secret fills variables (`envFrom`)."#,
    meaning: [
      .text(#"Every key of the source is a variable of the broker. The plan keeps the source. A variable that the target chart sets by itself is read from its very key, so that the source still decides."#),
      .text(#"Severity: `blocker` when the chart has no place for it, or the upgrade deletes it, `breaking` when you chose to drop it; `breaking`, taken care of, when the source fills what the chart sets; `warning` when it does not exist; `info` otherwise. A source that cannot be read is listed as not judged."#),
    ],
    cause: [
      .text(#"`env` wins over `envFrom`. The chart always writes some variables, such as `HTTP_PORT`, and would hide what the source says about them. Another chart may have no list of sources at all, and lose the source as a whole."#),
    ],
    resolution: [
      .text(#"There is nothing to do, unless the source does not exist or could not be read. Without a source that is not optional, Pods do not start: create it. To be read, it needs permission, which this answers (for `secrets` likewise):"#),
      .command(#"kubectl auth can-i get configmaps --namespace mqtt"#),
      .text(#"For a source that the chart has no place for, plan with a chart that has one, or let the source go with `--unmapped drop`."#),
    ],
    source: [
    ])

  private static let valueNotExact = CataloguePage(
    code: #"value-not-exact"#, dimension: .environment, severities: [.blocker, .info],
    summary: #"A variable's text changes on its way through the target chart."#,
    meaning: [
      .text(#"`08883` comes out as `8883`, and the broker reads the same number: nothing changes for it. Where it would read something else, the plan stops."#),
      .text(#"Severity: `info` when the broker reads the same; `blocker` when it does not, or when Kubernetes would refuse it."#),
    ],
    cause: [
      .text(#"The chart's value is a number or a flag, and is written in its usual form. A chart that does not quote what it is given does worse: `12345678` comes out as `1.2345678e+07`, and `0123456` as `42798`. A chart that leaves out the quotes writes a number in place of a text, and Kubernetes refuses the whole Deployment then, whatever the value."#),
    ],
    resolution: [
      .text(#"There is nothing to do if the broker reads the same. If not, plan with a chart that writes values as they are given, or write the text on the live Deployment as the chart would, which restarts the broker:"#),
      .command(#"kubectl set env deployment/web HTTP_PORT=8883 --namespace mqtt"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let valueIgnored = CataloguePage(
    code: #"value-ignored"#, dimension: .environment, severities: [.blocker, .breaking, .warning, .info],
    summary: #"A value changes nothing in what the target chart renders."#,
    meaning: [
      .text(#"The chart names the value in its values.yaml, and no template uses it, or not so that it has an effect: with the value written, the variable is still what it is by default. It then goes to the list of further variables, where the chart has one. Where it has none, the broker would run without the variable, or with a default that cannot be pinned away."#),
      .text(#"Severity: `info` when the variable went elsewhere; `blocker` when it would be lost; `breaking` when a default cannot be pinned away; `warning` for a `--set`."#),
    ],
    cause: [
      .text(#"A chart may list a value that it does not use yet, or no more. A value that you gave with `--set` and that changes nothing may also be misspelt. The plan finds out by rendering, with the value and without."#),
    ],
    resolution: [
      .text(#"Plan with a chart that uses the value. If the broker can do without the variable, let it go; leave a `--set` without effect out:"#),
      .command(#"backbone-migrate plan web --chart ./our-backbone --unmapped drop"#),
    ],
    source: [
    ])

  private static let valueRefused = CataloguePage(
    code: #"value-refused"#, dimension: .environment, severities: [.blocker],
    summary: #"The target chart refuses a value that the plan needs."#,
    meaning: [
      .text(#"With the value, helm renders nothing, and the upgrade would stop before it changes anything. The plan shows what would become of the release without the value, so that the rest can be read."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"The chart checks what it is given. It refuses what cannot work, such as one port for both listeners: the broker cannot have listened twice on it before either, and one of the two had failed. The plan leaves out one value after the other until the chart takes the rest; the message is the chart's."#),
    ],
    resolution: [
      .text(#"Decide what should be, and set it. Of two listeners on one port, give one another port or switch one off:"#),
      .command(#"backbone-migrate plan web --set config.httpPort=8883\#nbackbone-migrate plan web --set tcp.enabled=false"#),
    ],
    source: [
    ])

  private static let valueUnsupported = CataloguePage(
    code: #"value-unsupported"#, dimension: .environment, severities: [.breaking],
    summary: #"A value that was given to the old chart is not among the new values."#,
    meaning: [
      .text(#"Somebody installed the release with this value, and nothing that the live broker has accounts for it. The upgrade starts from the target chart's own defaults, so the value ends here."#),
      .text(#"Severity: `breaking`, until you let it go."#),
    ],
    cause: [
      .text(#"The target chart calls it otherwise, or has nothing like it. It may also never have done anything: chart 0.1.0 ignored most of what it was given, as helm charts do with names they do not know."#),
    ],
    resolution: [
      .text(#"Look for what it was meant to do. Set the target's value for it, or let all such values go:"#),
      .command(#"backbone-migrate plan web --set priorityClassName=critical\#nbackbone-migrate plan web --adopt value-unsupported"#),
    ],
    source: [
    ])

  private static let imageChanged = CataloguePage(
    code: #"image-changed"#, dimension: .image, severities: [.breaking],
    summary: #"The broker would run from another image."#,
    meaning: [
      .text(#"The plan keeps the image that runs now, its tag and digest included. A new version of the broker is a step of its own, best taken when the new chart has proved itself: then a problem has one cause."#),
      .text(#"Severity: `breaking`, taken care of when the image is kept."#),
    ],
    cause: [
      .text(#"The target chart names an image of its own, with its own version as the tag."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep the image. Take the chart's, or name one:"#),
      .command(#"backbone-migrate plan web --adopt image-changed\#nbackbone-migrate plan web --set image.tag=1.5.0"#),
    ],
    source: [
    ])

  private static let imageTagMutable = CataloguePage(
    code: #"image-tag-mutable"#, dimension: .image, severities: [.warning],
    summary: #"The image's tag may name another image tomorrow."#,
    meaning: [
      .text(#"The upgrade restarts the Pod, and the node may pull what the tag names by then: a broker of another version in the same moment as another chart. When it goes wrong, nobody knows which of the two it was, and going back does not bring the old image back."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"The Deployment names its image by a tag that moves, such as `latest`, `main` or `stable`."#),
    ],
    resolution: [
      .text(#"Name a version, or better the digest of what runs now. A running Pod knows it:"#),
      .command(#"kubectl get pods --namespace mqtt --selector app=web --output \\#n  'jsonpath={.items[*].status.containerStatuses[*].imageID}'\#nbackbone-migrate plan web --set image.digest=sha256:…"#),
    ],
    source: [
    ])

  private static let serviceAccountRenamed = CataloguePage(
    code: #"service-account-renamed"#, dimension: .identity, severities: [.breaking],
    summary: #"The broker would run as another ServiceAccount."#,
    meaning: [
      .text(#"Roles that are bound to the old one, its pull secrets and its identity at a cloud provider would not apply to the new one. The broker would start, and be refused later. The plan keeps the name."#),
      .text(#"Severity: `breaking`, taken care of when the name is kept."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 runs the broker as a ServiceAccount named as the release, and does not create it, so there is one made by hand. Chart 0.2.0 creates one of its own, under its full name."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep it. To take the new one, adopt both values, and bind to it what the old one was bound to:"#),
      .command(#"backbone-migrate plan web --adopt serviceAccount.name \\#n  --adopt serviceAccount.create"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "ServiceAccount template instead of hardcoded name"."#),
    ])

  private static let serviceAccountUnowned = CataloguePage(
    code: #"service-account-unowned"#, dimension: .identity, severities: [.breaking],
    summary: #"The ServiceAccount is not part of the release, and the target chart would create it."#,
    meaning: [
      .text(#"A plain upgrade stops with `invalid ownership metadata`. The plan leaves the ServiceAccount to whoever made it: the chart refers to it and does not create it."#),
      .text(#"Severity: `breaking`, taken care of when it is left alone."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 needed a ServiceAccount and had none, so somebody made it by hand. Helm refuses to change what it does not own. With `--take-ownership` the upgrade passes, but a later rollback deletes the ServiceAccount."#),
    ],
    resolution: [
      .text(#"There is nothing to do. To have the chart create one of its own beside it, give that one another name:"#),
      .command(#"backbone-migrate plan web --set serviceAccount.create=true \\#n  --set serviceAccount.name=web-broker"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let serviceAccountMissing = CataloguePage(
    code: #"service-account-missing"#, dimension: .identity, severities: [.blocker],
    summary: #"The ServiceAccount that the broker runs as does not exist."#,
    meaning: [
      .text(#"The Pod that runs goes on, but no new one can be created (`serviceaccount "web" not found`). The upgrade would stop the old broker and never bring up the new one, and so will the next failure of a node, upgrade or not."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 names a ServiceAccount and does not create it. Whoever made it has removed it since, perhaps together with another release."#),
    ],
    resolution: [
      .text(#"Create it, or have chart 0.2.0 create it:"#),
      .command(#"kubectl create serviceaccount web --namespace mqtt\#nbackbone-migrate plan web --set serviceAccount.create=true"#),
    ],
    source: [
    ])

  private static let serviceAccountAnnotationsLost = CataloguePage(
    code: #"service-account-annotations-lost"#, dimension: .identity, severities: [.breaking],
    summary: #"Annotations of the ServiceAccount would not come over."#,
    meaning: [
      .text(#"Such annotations often grant access to a cloud: an IAM role, a workload identity. The broker would start, and be refused when it uses that access."#),
      .text(#"Severity: `breaking`, taken care of when they come along."#),
    ],
    cause: [
      .text(#"The broker would run as another ServiceAccount, because you chose so. The plan gives the new one the annotations of the old one, where the target chart makes it and has a value for them."#),
    ],
    resolution: [
      .text(#"Leave out what renames the ServiceAccount, give the new one other annotations, or let them go:"#),
      .command(#"kubectl get serviceaccount web --namespace mqtt --output yaml\#nbackbone-migrate plan web \\#n  --set 'serviceAccount.annotations={eks.amazonaws.com/role-arn: "arn:…"}'\#nbackbone-migrate plan web --adopt service-account-annotations-lost"#),
    ],
    source: [
    ])

  private static let roleBindingLeftBehind = CataloguePage(
    code: #"role-binding-left-behind"#, dimension: .identity, severities: [.breaking],
    summary: #"Roles bound to the old ServiceAccount do not hold for the new one."#,
    meaning: [
      .text(#"RoleBindings and ClusterRoleBindings name a ServiceAccount. They would grant the broker nothing any more, and what it does with the Kubernetes API would be refused."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"The broker would run as another ServiceAccount, because you chose so, and somebody bound roles to the old one by hand."#),
    ],
    resolution: [
      .text(#"Leave out what renames the ServiceAccount, or bind the role to the new one as well before the upgrade:"#),
      .command(#"kubectl create rolebinding web-broker --namespace mqtt \\#n  --role=web --serviceaccount=mqtt:web-broker"#),
    ],
    source: [
    ])

  private static let persistenceDisabled = CataloguePage(
    code: #"persistence-disabled"#, dimension: .storage, severities: [.blocker, .warning],
    summary: #"What the broker keeps in /data does not survive."#,
    meaning: [
      .text(#"With a volume at /data, the target chart's default would start the broker without its database and sessions; the plan keeps the volume. With nothing at /data, nothing changes: what the broker writes there ends with its Pod, as before, and the upgrade replaces the Pod."#),
      .text(#"Severity: `blocker` when a volume would be taken away, taken care of when it is kept; `warning` when there is none."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 has persistence off by default. Chart 0.1.0 had none, so a volume that is there now was added by hand."#),
    ],
    resolution: [
      .text(#"With a volume there is nothing to do. Without one, data can be kept from now on. The annotation matters, since `helm rollback` deletes the claim otherwise:"#),
      .command(#"backbone-migrate plan web --set persistence.enabled=true \\#n  --set 'persistence.annotations.helm\.sh/resource-policy=keep'"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Use PVC for /data persistence": "Defaults to disabled for backward compatibility"."#),
    ])

  private static let volumeLost = CataloguePage(
    code: #"volume-lost"#, dimension: .storage, severities: [.blocker, .breaking],
    summary: #"A volume of the broker would be another one."#,
    meaning: [
      .text(#"The broker would start on another /data, empty or somebody else's. Its own data stays behind on the old volume, unharmed and out of sight. Or it would start without a volume that is mounted elsewhere: certificates, settings."#),
      .text(#"Severity: `blocker` at /data, and where the upgrade deletes what the Pods mount; `breaking` elsewhere, taken care of when they are kept."#),
    ],
    cause: [
      .text(#"The values lead to another claim, volume or folder than the one that is mounted now: a `--set` says so, or the target chart has no value for it. The plan itself carries all volumes."#),
    ],
    resolution: [
      .text(#"Leave out the `--set` that leads elsewhere. To move /data to another volume on purpose, copy the data and mount the new volume on the live Deployment first:"#),
      .command(#"kubectl set volume deployment/web --namespace mqtt --add \\#n  --name data --claim-name web-data --mount-path /data --overwrite"#),
    ],
    source: [
    ])

  private static let dataLeftBehind = CataloguePage(
    code: #"data-left-behind"#, dimension: .storage, severities: [.warning],
    summary: #"What the broker has in /data now does not come along."#,
    meaning: [
      .text(#"What is in a container, or in an `emptyDir`, ends with its Pod, and the upgrade replaces the Pod. The broker starts with an empty /data, as it would after any other restart. A new volume at /data is empty as well."#),
      .text(#"Severity: `warning`, since it is so with every restart."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 had no volume, so data lives in the Pod alone. Nothing copies it."#),
    ],
    resolution: [
      .text(#"If the broker has anything there that it cannot do without, take a copy before the upgrade, and put it into the new Pod:"#),
      .command(#"kubectl cp mqtt/POD:/data ./data --container backbone\#nbackbone-migrate plan web --set persistence.enabled=true\#nkubectl cp ./data mqtt/NEW-POD:/ --container backbone"#),
    ],
    source: [
    ])

  private static let claimDeletedByRollback = CataloguePage(
    code: #"claim-deleted-by-rollback"#, dimension: .storage, severities: [.warning],
    summary: #"The upgrade makes a claim that `helm rollback` would delete, with its data."#,
    meaning: [
      .text(#"The claim is an object of the release. Helm deletes it when the release goes back to a revision that does not have it, and when the release is uninstalled. `backbone-migrate rollback` keeps it."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 makes the claim when persistence is on and no claim is named. Nothing tells helm to keep it."#),
    ],
    resolution: [
      .text(#"Have it kept, or make the claim yourself and name it:"#),
      .command(#"backbone-migrate plan web --set persistence.enabled=true \\#n  --set 'persistence.annotations={helm.sh/resource-policy: keep}'\#nbackbone-migrate plan web --set persistence.enabled=true \\#n  --set persistence.existingClaim=web-data"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let singleWriterRollout = CataloguePage(
    code: #"single-writer-rollout"#, dimension: .storage, severities: [.breaking, .warning],
    summary: #"A volume that one node or Pod may have at a time, and a rollout that runs two Pods."#,
    meaning: [
      .text(#"With `RollingUpdate` the new Pod starts while the old one has the volume. With `ReadWriteOnce` it waits for ever when it lands on another node, and writes beside the old one when it lands on the same. With `ReadWriteOncePod` it never starts."#),
      .text(#"Severity: `breaking` when the new Pod cannot start; `warning` when that depends on the node."#),
    ],
    cause: [
      .text(#"The claim at /data, and the strategy of the Deployment, which the plan keeps. Chart 0.2.0 would choose `Recreate` here."#),
    ],
    resolution: [
      .text(#"Take the strategy of the chart; clients are without a broker while the Pod is replaced:"#),
      .command(#"backbone-migrate plan web --adopt strategy"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Use PVC for /data persistence"."#),
    ])

  private static let storageClassMissing = CataloguePage(
    code: #"storage-class-missing"#, dimension: .storage, severities: [.breaking],
    summary: #"A new claim asks for a storage class that the cluster does not have."#,
    meaning: [
      .text(#"The claim stays `Pending`, and so does the broker's new Pod, until somebody makes a volume for it by hand."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"With an empty `persistence.storageClass` the claim gets the cluster's default class, and there is none; or the class that is named is not there."#),
    ],
    resolution: [
      .text(#"Name a class that there is, or `-` for a volume that was made by hand:"#),
      .command(#"kubectl get storageclasses\#nbackbone-migrate plan web --set persistence.enabled=true \\#n  --set persistence.storageClass=standard"#),
    ],
    source: [
    ])

  private static let serviceRemoved = CataloguePage(
    code: #"service-removed"#, dimension: .network, severities: [.breaking],
    summary: #"A Service of the release goes."#,
    meaning: [
      .text(#"Helm deletes it, and its name and address with it. Clients that go by its name find no broker, although the broker itself is well."#),
      .text(#"Severity: `breaking`, taken care of when the names are kept."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 names its Services after the Deployment, with `-tcp` for MQTT, and has two of them. The plan keeps the names and ports of the Services that lead to the broker's listeners. A further one has no place, or you chose other names."#),
    ],
    resolution: [
      .text(#"Leave out what renames it. A Service that the chart has no place for can be kept by marking it; it then belongs to nobody, and finds the Pods as before:"#),
      .command(#"kubectl annotate service web-metrics --namespace mqtt \\#n  helm.sh/resource-policy=keep"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let servicePortMoved = CataloguePage(
    code: #"service-port-moved"#, dimension: .network, severities: [.breaking, .warning],
    summary: #"A port of a Service goes, or leads elsewhere."#,
    meaning: [
      .text(#"Clients find the broker by a Service's name and port. Where a port goes, or leads to another one of the container, they lose it, although the broker itself is well."#),
      .text(#"Severity: `breaking`, taken care of when the ports are kept; `warning` where nothing listened behind the port before."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 had one Service for everything; chart 0.2.0 has two, one for HTTP and one for MQTT, the latter with `-tcp` at the end of its name. The plan keeps the Services as they are: with one Service, MQTT stays a port of that one, and the second is not made."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. To have MQTT in a Service of its own, beside the port that clients use now:"#),
      .command(#"backbone-migrate plan web --adopt service.tcp.enabled"#),
      .text(#"Or as the chart has it, without the old port:"#),
      .command(#"backbone-migrate plan web --adopt service-port-moved"#),
    ],
    source: [
    ])

  private static let serviceTypeChanged = CataloguePage(
    code: #"service-type-changed"#, dimension: .network, severities: [.breaking],
    summary: #"A Service would get another type."#,
    meaning: [
      .text(#"A `LoadBalancer` that becomes a `ClusterIP` loses its address outside the cluster, a `NodePort` its port on the nodes: whoever comes from outside is cut off. The other way round, the broker is open to the outside."#),
      .text(#"Severity: `breaking`, taken care of when the type is kept."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 makes Services of type `ClusterIP`, and somebody changed the type by hand. The plan keeps it, with its ports and addresses."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep it. To take the type of the chart:"#),
      .command(#"backbone-migrate plan web --adopt service-type-changed"#),
    ],
    source: [
    ])

  private static let serviceTargetUnreachable = CataloguePage(
    code: #"service-target-unreachable"#, dimension: .network, severities: [.breaking, .warning],
    summary: #"A port of a Service leads to nothing."#,
    meaning: [
      .text(#"Connections to it are refused. The Service looks well: it has a port, an address and Pods."#),
      .text(#"Severity: `breaking` when it worked before, or is new; `warning` when it was so before."#),
    ],
    cause: [
      .text(#"The Service names a port of the container that no container has, or the number of one where the broker does not listen, since its environment puts the listener elsewhere. It may be a defect of the target chart, or a Service of somebody else's that goes by a name which is gone."#),
    ],
    resolution: [
      .text(#"Lead the Service to the port by its name, `http` or `mqtt` in chart 0.2.0, which follows the broker's environment. A Service of your own:"#),
      .command(#"kubectl edit service web-extern --namespace mqtt"#),
    ],
    source: [
    ])

  private static let serviceSelectorChanged = CataloguePage(
    code: #"service-selector-changed"#, dimension: .network, severities: [.breaking],
    summary: #"A Service would find other Pods than it finds now."#,
    meaning: [
      .text(#"Clients may reach Pods that were kept away from them on purpose, such as a second broker that stands ready, or no longer reach the ones that they reached."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"Somebody changed the Service's selector by hand. The chart's Services find the broker's Pods by its own labels, and no value holds another selector."#),
    ],
    resolution: [
      .text(#"Where the selector matters, take the Service out of the release; the upgrade then leaves it as it is, for you to look after:"#),
      .command(#"kubectl annotate service web --namespace mqtt helm.sh/resource-policy=keep\#nbackbone-migrate plan web --set service.http.enabled=false"#),
      .text(#"Where it does not, accept the finding."#),
    ],
    source: [
    ])

  private static let ingressBackendMissing = CataloguePage(
    code: #"ingress-backend-missing"#, dimension: .network, severities: [.breaking],
    summary: #"An Ingress of the release leads to a Service, or a port, that does not exist."#,
    meaning: [
      .text(#"Whoever comes by its address gets an error of the Ingress controller, usually 503."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"A defect of the target chart, or of its values: the Ingress names a Service that the chart does not make, or another port."#),
    ],
    resolution: [
      .text(#"Give the Ingress a Service that there is, or leave the Ingress off:"#),
      .command(#"backbone-migrate plan web --chart ./our-backbone \\#n  --set ingress.enabled=false"#),
    ],
    source: [
    ])

  private static let ingressOrphaned = CataloguePage(
    code: #"ingress-orphaned"#, dimension: .network, severities: [.breaking],
    summary: #"An Ingress that somebody made leads to a Service, or a port, that goes."#,
    meaning: [
      .text(#"Whoever comes by its address gets an error of the Ingress controller, usually 503, as soon as the upgrade has taken the Service or the port away."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 had no Ingress, so there is one made by hand. It is not of the release, so helm neither knows nor changes it. It goes by the Service's name and port, and you chose others."#),
    ],
    resolution: [
      .text(#"Leave out what takes the Service away, or lead the Ingress to the new one:"#),
      .command(#"kubectl edit ingress web --namespace mqtt"#),
    ],
    source: [
    ])

  private static let loadBalancerSettingsLost = CataloguePage(
    code: #"load-balancer-settings-lost"#, dimension: .network, severities: [.breaking, .warning],
    summary: #"How a Service is reached from outside, or how it treats connections, would change."#,
    meaning: [
      .text(#"Annotations tell a cloud which load balancer to make; node ports, addresses, source ranges and traffic policies decide who gets in, and from where. Without them the address may change, the load balancer become public, or sessions move between Pods."#),
      .text(#"Severity: `breaking`, taken care of when they are kept; `warning` for labels."#),
    ],
    cause: [
      .text(#"They were set by hand, and chart 0.2.0 has none by default. The plan keeps all that the chart has a value for."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. Where the target chart has no value for one, set it on the Service again after the upgrade, and use a chart that has the value:"#),
      .command(#"kubectl get service web --namespace mqtt --output yaml\#nbackbone-migrate plan web --adopt load-balancer-settings-lost"#),
    ],
    source: [
    ])

  private static let runsAsNonRoot = CataloguePage(
    code: #"runs-as-non-root"#, dimension: .security, severities: [.breaking],
    summary: #"The broker would run as another user."#,
    meaning: [
      .text(#"By default the target chart runs the broker as user 1000 and refuses an image that runs as root. A broker that ran as root may find files in /data that it cannot write, or a port below 1024 that it may not open, or it does not start (`container has runAsNonRoot and image will run as root`). The plan keeps what is set now, and sets nothing where nothing is set."#),
      .text(#"Severity: `breaking`, taken care of when it is kept."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 set no security context, so the image decided. Chart 0.2.0 restricts it."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep it. To run as user 1000, look first as whom the broker runs now and whose its files are; best in a step of its own after the upgrade:"#),
      .command(#"kubectl exec deployment/web --namespace mqtt -- id\#nkubectl exec deployment/web --namespace mqtt -- ls -ln /data\#nbackbone-migrate plan web --adopt runs-as-non-root"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Security context defaults"."#),
    ])

  private static let volumeNotWritable = CataloguePage(
    code: #"volume-not-writable"#, dimension: .security, severities: [.breaking, .warning],
    summary: #"The broker may not be able to write to /data as its user."#,
    meaning: [
      .text(#"What is there belongs to another user, most likely root. The broker starts, and fails at its first write, or does not start at all."#),
      .text(#"Severity: `breaking` where Kubernetes hands nothing over; `warning` where it depends on the image."#),
    ],
    cause: [
      .text(#"You chose that the broker runs as another user, or gave one that is not root a new volume without a group. Kubernetes hands the files of a volume over to the group `fsGroup`, but not those of `hostPath` and `nfs` volumes, and not those of the image."#),
    ],
    resolution: [
      .text(#"Give a claim a group, else hand the files over before the upgrade, or leave the user as it is:"#),
      .command(#"backbone-migrate plan web --set persistence.enabled=true \\#n  --set securityContext.fsGroup=1000\#nkubectl exec deployment/web --namespace mqtt -- chown -R 1000:1000 /data\#nbackbone-migrate plan web --adopt volume-not-writable \\#n  --adopt runs-as-non-root"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Security context defaults": "/data needs write access"."#),
    ])

  private static let privilegedPort = CataloguePage(
    code: #"privileged-port"#, dimension: .security, severities: [.breaking],
    summary: #"The broker may not be able to open a port below 1024 as its new user."#,
    meaning: [
      .text(#"The listener fails with `permission denied`, and the broker with it, unless the node lets everybody open such ports."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"You chose that the broker runs as another user than root, and `HTTP_PORT` or `TCP_PORT` is below 1024. Some container runtimes allow it to everybody, others do not."#),
    ],
    resolution: [
      .text(#"Take a port from 1024 up, Services follow it; allow it to the Pod; or leave the user as it is:"#),
      .command(#"backbone-migrate plan web --adopt runs-as-non-root \\#n  --set config.httpPort=8080\#nbackbone-migrate plan web --adopt runs-as-non-root --set \\#n  'podSecurityContext={sysctls:\#n  [{name: net.ipv4.ip_unprivileged_port_start, value: "0"}]}'"#),
    ],
    source: [
    ])

  private static let capabilitiesDropped = CataloguePage(
    code: #"capabilities-dropped"#, dimension: .security, severities: [.breaking],
    summary: #"What the broker's process may do on its node would change."#,
    meaning: [
      .text(#"Capabilities, privileges, the system calls that are let through, and whether the root file system can be written. With fewer of them something that the broker does may fail, with more of them it can do more harm."#),
      .text(#"Severity: `breaking`, taken care of when they are kept."#),
    ],
    cause: [
      .text(#"They were set by hand, or you chose others. The plan keeps what is set now."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. To change them on purpose, name them:"#),
      .command(#"backbone-migrate plan web --set \\#n  'containerSecurityContext={capabilities: {drop: [ALL]}}'"#),
    ],
    source: [
    ])

  private static let podSecurityLevel = CataloguePage(
    code: #"pod-security-level"#, dimension: .security, severities: [.breaking],
    summary: #"The namespace does not let the broker's new Pods in."#,
    meaning: [
      .text(#"The label `pod-security.kubernetes.io/enforce` makes Kubernetes refuse Pods that ask for too much. The Deployment is taken, and none of its Pods: the old one runs on until it ends for some other reason, and the rollout never gets anywhere."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"The label is younger than the Pod that runs, or the new Pod asks for more than the old one."#),
    ],
    resolution: [
      .text(#"Give the Pod what the level wants. This is enough for `restricted`:"#),
      .command(#"backbone-migrate plan web --adopt runs-as-non-root --set \\#n  'containerSecurityContext={allowPrivilegeEscalation: false,\#n  seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL]}}'"#),
    ],
    source: [
      .text(#"The Pod Security Standards of Kubernetes."#),
    ])

  private static let permissionsAdded = CataloguePage(
    code: #"permissions-added"#, dimension: .security, severities: [.warning],
    summary: #"The broker's ServiceAccount gets a Role of the chart's."#,
    meaning: [
      .text(#"The broker, and whoever gets into it, may read more of the namespace than before."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"Where the broker talks to Kubernetes (`K8S_ENABLED=true`), chart 0.2.0 makes a Role and binds it to the ServiceAccount. Chart 0.1.0 made none, so the broker has what somebody bound by hand, or nothing."#),
    ],
    resolution: [
      .text(#"Leave its permissions as they are:"#),
      .command(#"backbone-migrate plan web --set rbac.create=false"#),
      .text(#"or give it what it needs and no more, with `rbac.rules`."#),
    ],
    source: [
    ])

  private static let probeIntroduced = CataloguePage(
    code: #"probe-introduced"#, dimension: .health, severities: [.breaking],
    summary: #"Kubernetes would begin to check the broker's health, or check it otherwise."#,
    meaning: [
      .text(#"A broker that does not pass its readiness probe gets no traffic; one that does not pass its liveness probe is restarted, again and again. A probe that asks for something this broker does not have takes a healthy broker down. The plan keeps the probes that there are, and makes none where there are none."#),
      .text(#"Severity: `breaking`, taken care of when they are kept; `breaking` also when the broker takes longer to start than the probe waits."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 had no probes. Chart 0.2.0 asks `/health` on the HTTP port when the API is on, else opens a connection to the MQTT port, else to the HTTP port."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. To have the probes of the chart, try first what they will try, here `/health` on port 8883:"#),
      .command(#"kubectl port-forward deployment/web 8883 --namespace mqtt\#ncurl --include http://localhost:8883/health\#nbackbone-migrate plan web --adopt probe-introduced"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Probe configuration"."#),
    ])

  private static let probeWithoutEndpoint = CataloguePage(
    code: #"probe-without-endpoint"#, dimension: .health, severities: [.blocker, .warning],
    summary: #"A probe calls something that the broker does not have."#,
    meaning: [
      .text(#"The probe fails although the broker is well. With a failing readiness probe the rollout never gets ready; with a failing liveness probe the broker is restarted, again and again."#),
      .text(#"Severity: `blocker` when the probe is new; `warning` when it is as it was."#),
    ],
    cause: [
      .text(#"The probe calls a port where no listener is switched on, a path that is off, or a port by a name that the container does not have. In chart 0.2.0 the probes follow the listeners; one that you give as `custom`, or another chart's, need not."#),
    ],
    resolution: [
      .text(#"Have the probe call a listener that is on, or leave it off:"#),
      .command(#"backbone-migrate plan web --set livenessProbe.enabled=false \\#n  --set readinessProbe.enabled=false"#),
    ],
    source: [
    ])

  private static let replicasChanged = CataloguePage(
    code: #"replicas-changed"#, dimension: .scheduling, severities: [.breaking],
    summary: #"The number of Pods would change."#,
    meaning: [
      .text(#"Whoever scaled the Deployment would get fewer or more brokers than before, at once. The plan keeps the number."#),
      .text(#"Severity: `breaking`, taken care of when the number is kept."#),
    ],
    cause: [
      .text(#"Somebody, or a HorizontalPodAutoscaler, scaled the Deployment after helm. Chart 0.2.0 says one, since the broker keeps its state to itself."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep the number. Several brokers do not share sessions, so one may be what you want:"#),
      .command(#"backbone-migrate plan web --adopt replicaCount"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Non-Goals"."#),
    ])

  private static let schedulingLost = CataloguePage(
    code: #"scheduling-lost"#, dimension: .scheduling, severities: [.breaking],
    summary: #"What decides on which node the broker runs, and who looks after it there, would change."#,
    meaning: [
      .text(#"Without its node selector, tolerations, affinity or priority, the new Pod may land on a node where it does not belong, or on none at all. With a volume that is tied to a node it then waits for ever. An autoscaler or a disruption budget that no longer finds the broker does nothing."#),
      .text(#"Severity: `breaking`, taken care of when it is kept."#),
    ],
    cause: [
      .text(#"It was added by hand, and chart 0.2.0 has none by default. The plan keeps all of it. What others made goes by the Deployment's name, or by its Pods' labels, and you chose other ones."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep it. An autoscaler that goes by the old name:"#),
      .command(#"kubectl patch hpa web --namespace mqtt \\#n  --patch '{"spec": {"scaleTargetRef": {"name": "web-backbone"}}}'"#),
    ],
    source: [
    ])

  private static let resourcesLost = CataloguePage(
    code: #"resources-lost"#, dimension: .scheduling, severities: [.breaking],
    summary: #"The broker's requests and limits would change."#,
    meaning: [
      .text(#"Without requests the new Pod may share a crowded node and be the first to be evicted; without a limit it may take the node's memory. In a namespace with a quota it may not start at all. The plan keeps them."#),
      .text(#"Severity: `breaking`, taken care of when they are kept."#),
    ],
    cause: [
      .text(#"They were added by hand, and chart 0.2.0 has none by default."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. Others can be set in the same step:"#),
      .command(#"backbone-migrate plan web \\#n  --set 'resources={requests: {memory: 128Mi}, limits: {memory: 512Mi}}'"#),
    ],
    source: [
    ])

  private static let imagePullSecretsLost = CataloguePage(
    code: #"image-pull-secrets-lost"#, dimension: .scheduling, severities: [.breaking],
    summary: #"The Pod's credentials for the image registry would change."#,
    meaning: [
      .text(#"The broker starts where the image is there already, and fails with `ImagePullBackOff` where it is not: on another node, perhaps months later. The plan keeps them."#),
      .text(#"Severity: `breaking`, taken care of when they are kept."#),
    ],
    cause: [
      .text(#"They were added by hand, and chart 0.2.0 has none by default. Those of the ServiceAccount stay with it."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep them. Others can be named in the same step:"#),
      .command(#"backbone-migrate plan web \\#n  --set 'imagePullSecrets=[{name: registry-credentials}]'"#),
    ],
    source: [
    ])

  private static let containerLost = CataloguePage(
    code: #"container-lost"#, dimension: .scheduling, severities: [.breaking],
    summary: #"The Pod's other containers, or what the broker's container runs, would change."#,
    meaning: [
      .text(#"A sidecar or an init container would be gone after the upgrade, and what it did with it: logs, certificates, a proxy. Or the broker would start with another command or other arguments."#),
      .text(#"Severity: `breaking`, taken care of when they are kept."#),
    ],
    cause: [
      .text(#"It was added by hand, or by something that changes Deployments in the cluster. The plan keeps sidecars, command and arguments. Chart 0.2.0 has no place for init containers, by design."#),
    ],
    resolution: [
      .text(#"There is nothing to do for what is kept. Let an init container go, or use a chart that has a value `initContainers`:"#),
      .command(#"backbone-migrate plan web --adopt container-lost\#nbackbone-migrate plan web --chart ./our-backbone"#),
    ],
    source: [
      .text(#"The design of chart 0.2.0, "Open Questions"."#),
    ])

  private static let podSettingsLost = CataloguePage(
    code: #"pod-settings-lost"#, dimension: .scheduling, severities: [.breaking],
    summary: #"Something else that is said of the broker's Pods would change."#,
    meaning: [
      .text(#"Labels and annotations by which other programs find or treat Pods, names and addresses that the Pod looks up, what is run when it starts and ends, ports beside the broker's own. Whatever depends on it fails quietly."#),
      .text(#"Severity: `breaking`, taken care of when it is kept."#),
    ],
    cause: [
      .text(#"It was added by hand, and chart 0.2.0 has none by default. The plan keeps all that the chart has a value for."#),
    ],
    resolution: [
      .text(#"There is nothing to do for what is kept. Where the chart has no value, use one that has, or let it go:"#),
      .command(#"backbone-migrate plan web --adopt pod-settings-lost"#),
    ],
    source: [
    ])

  private static let strategyChanged = CataloguePage(
    code: #"strategy-changed"#, dimension: .scheduling, severities: [.breaking],
    summary: #"The Deployment would replace its Pods in another way."#,
    meaning: [
      .text(#"With `Recreate` the old broker stops before the new one starts, and clients are without one for a while. With `RollingUpdate` both run side by side for a while. The plan keeps what is set."#),
      .text(#"Severity: `breaking`, taken care of when the strategy is kept."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 chooses `Recreate` when the data is in a claim that one node at a time may write. Helm 4 cannot make that change to a Deployment that it applied on the server (`rollingUpdate: Forbidden`), so it is not made in passing."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep it. With a claim for one node, `Recreate` is worth having: a new Pod on another node waits for the volume in vain. Take it with:"#),
      .command(#"backbone-migrate plan web --adopt strategy"#),
    ],
    source: [
      .text(#"Measured on Helm 4.3, see docs/measured.md."#),
    ])

  private static let brokersOverlap = CataloguePage(
    code: #"brokers-overlap"#, dimension: .scheduling, severities: [.warning],
    summary: #"Two brokers run side by side for a while, on the same data."#,
    meaning: [
      .text(#"With `RollingUpdate` the new Pod starts before the old one ends, as with every rollout so far. Both have /data open, and a database that is made for one process may suffer. Clients of the two do not see each other's messages meanwhile."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"That is the strategy of the Deployment, and the plan keeps it."#),
    ],
    resolution: [
      .text(#"Have the old broker end first; clients are without one for a while:"#),
      .command(#"backbone-migrate plan web --set strategy.type=Recreate"#),
    ],
    source: [
    ])

  private static let workloadRenamed = CataloguePage(
    code: #"workload-renamed"#, dimension: .ownership, severities: [.breaking],
    summary: #"The Deployment, or the broker's container in it, would get another name."#,
    meaning: [
      .text(#"Under another name helm makes a new Deployment and deletes the old one: two brokers at once, and every script that names the old one fails. A container of another name is another container: `kubectl set env -c` and `kubectl logs -c` miss it. The plan keeps both names."#),
      .text(#"Severity: `breaking`, taken care of when the names are kept."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 names its objects by release and chart, so `web` becomes `web-backbone`, and names the container by the chart."#),
    ],
    resolution: [
      .text(#"There is nothing to do to keep the names. Take the new ones by the paths of their values, and change scripts and dashboards that use the old ones:"#),
      .command(#"backbone-migrate plan web --adopt fullnameOverride"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let selectorImmutable = CataloguePage(
    code: #"selector-immutable"#, dimension: .ownership, severities: [.breaking],
    summary: #"The Deployment's selector would change, which Kubernetes refuses."#,
    meaning: [
      .text(#"A plain upgrade fails with `spec.selector … field is immutable`, after it has changed other objects, such as Services. The plan keeps the selector. Where it cannot, as with one that has `matchExpressions`, `apply` replaces the Deployment: the old one and its Pods are gone before the new one starts, so clients are without a broker meanwhile."#),
      .text(#"Severity: `breaking`, taken care of when the selector is kept."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 selects Pods by its own labels, chart 0.2.0 by the recommended ones, and a Deployment's selector cannot be changed."#),
    ],
    resolution: [
      .text(#"There is nothing to do when it is kept. Deleting the Deployment with `--cascade=orphan`, as is often advised, leaves the old broker running beside the new one. If the selector is not kept, the target chart has no value for it, or a `--set` replaces it; this shows what it has to be:"#),
      .command(#"kubectl get deployment web --namespace mqtt \\#n  --output jsonpath={.spec.selector}"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let releasePending = CataloguePage(
    code: #"release-pending"#, dimension: .ownership, severities: [.blocker],
    summary: #"Another helm operation on the release is not finished, or was cut off."#,
    meaning: [
      .text(#"Helm refuses every upgrade of the release, even a dry run, until it has another status."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"Somebody is upgrading it right now, a pipeline is, or helm was killed on the way: by Ctrl-C, a timeout, or a Pod that was evicted."#),
    ],
    resolution: [
      .text(#"See what is going on, and wait if anybody is at work. If nobody is, a rollback ends it. It goes by what helm knows and takes away what was set by hand, so keep that first, in a file that nobody else reads, for it holds secrets. If the broker lacks variables afterwards, Kubernetes still has them in an earlier revision of the Deployment:"#),
      .command(#"helm history web --namespace mqtt\#nkubectl get deployment web --namespace mqtt --output yaml > before.yaml\#nhelm rollback web --namespace mqtt\#nkubectl rollout history deployment/web --namespace mqtt\#nkubectl rollout undo deployment/web --namespace mqtt --to-revision=…"#),
    ],
    source: [
      .text(#"What a rollback takes away was measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let releaseFailed = CataloguePage(
    code: #"release-failed"#, dimension: .ownership, severities: [.warning],
    summary: #"The last helm operation on the release failed."#,
    meaning: [
      .text(#"Helm stops in the middle and does not undo: some objects may be of the failed revision, others of the one before. The plan goes by what is live, not by what helm believes."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"The history says, in the failed revision's description."#),
    ],
    resolution: [
      .text(#"Read the reason, and see that the broker runs as it should before you migrate it:"#),
      .command(#"helm history web --namespace mqtt\#nkubectl rollout status deployment/web --namespace mqtt"#),
    ],
    source: [
    ])

  private static let rolloutUnfinished = CataloguePage(
    code: #"rollout-unfinished"#, dimension: .ownership, severities: [.blocker, .warning],
    summary: #"The broker's Deployment is not as its Pod template says."#,
    meaning: [
      .text(#"A Deployment that is paused rolls nothing out, so `apply` refuses it. One that Kubernetes has given up on runs an older Pod than the plan was made from, or none: what the plan keeps may be what does not work."#),
      .text(#"Severity: `blocker` when it is paused, else `warning`."#),
    ],
    cause: [
      .text(#"Somebody paused it, or a run of this tool was stopped half-way; or its newest Pods never came up."#),
    ],
    resolution: [
      .text(#"See which it is, and let it go on:"#),
      .command(#"backbone-migrate status web --namespace mqtt\#nkubectl rollout status deployment/web --namespace mqtt\#nkubectl rollout resume deployment/web --namespace mqtt"#),
    ],
    source: [
    ])

  private static let recipeNotApplicable = CataloguePage(
    code: #"recipe-not-applicable"#, dimension: .ownership, severities: [.blocker, .warning],
    summary: #"The recipe was written for another chart than the release's, or than the target."#,
    meaning: [
      .text(#"What the recipe knows of old defaults and new values is not about this release, or the release has been migrated already. No plan from here can be trusted, so there is none to apply. Another target, such as a fork or a later version, stops nothing: which values it has, and what they do, is asked of that chart itself. What it has beyond the recipe is not known to the plan."#),
      .text(#"Severity: `blocker` for another release; `warning` for another target."#),
    ],
    cause: [
      .text(#"The name or the namespace is another release's, the release already runs the target chart, or it runs a fork or another version of the old one. Or `--chart` names another target than the recipe leads to."#),
    ],
    resolution: [
      .text(#"See which chart and version each release runs:"#),
      .command(#"helm list --namespace mqtt"#),
      .text(#"With another target, see that every variable went where you want it; `--recipe` names a recipe that was written for it."#),
    ],
    source: [
    ])

  private static let drift = CataloguePage(
    code: #"drift"#, dimension: .ownership, severities: [.warning, .info],
    summary: #"The live objects differ from what helm made."#,
    meaning: [
      .text(#"Variables and other fields were set, changed or removed with kubectl after helm. A plain `helm upgrade` drops them, overwrites them, leaves them or stops at them, depending on names and on helm's merge, and `helm rollback` does not bring them back. The plan carries what the Deployment and the Services say. Fields of other objects are named, so that none is forgotten."#),
      .text(#"Severity: `info` for variables, taken care of by the plan; `warning` for other fields."#),
    ],
    cause: [
      .text(#"Chart 0.1.0 could not be configured, so the broker was configured by hand. Each field is shown with the field manager that wrote it, such as `kubectl-edit`. Where the plan could not read the live objects, it says so: then what was set by hand is missing from it."#),
    ],
    resolution: [
      .text(#"For variables there is nothing to do. For another field, see that the new values have it. Later on, change settings through values and not with kubectl. Who wrote what, and when:"#),
      .command(#"kubectl get deployment web --namespace mqtt --output yaml \\#n  --show-managed-fields"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let fieldConflict = CataloguePage(
    code: #"field-conflict"#, dimension: .ownership, severities: [.blocker, .warning],
    summary: #"Somebody else owns a field that the upgrade would change."#,
    meaning: [
      .text(#"The upgrade stops with `conflict with "kubectl-set"`. For what the broker's Deployment and the Services say, this is expected: the plan carries it, or has a finding of its own for it, and helm needs `--force-conflicts`. Any other conflict is about something that somebody set on purpose and the upgrade would overwrite."#),
      .text(#"Severity: `warning`, taken care of, for what the plan accounts for; `blocker` otherwise."#),
    ],
    cause: [
      .text(#"Helm 4 applies a release that it installed itself on the server, and the server lets no manager change a field that another one set, such as with `kubectl set env` or `kubectl edit`."#),
    ],
    resolution: [
      .text(#"Give the target's value what is live, so that both agree, or take the field back, and plan again. Mind that `--force-conflicts` overrides all conflicts at once, those that you did not read included, and that a rollback after it can leave variables empty that the upgrade had changed. Who owns which field:"#),
      .command(#"kubectl get deployment web --namespace mqtt --output yaml \\#n  --show-managed-fields"#),
    ],
    source: [
      .text(#"Measured on Helm 4.3, see docs/measured.md."#),
    ])

  private static let fieldChanged = CataloguePage(
    code: #"field-changed"#, dimension: .ownership, severities: [.breaking],
    summary: #"A field of an object changes, and nothing that this program knows keeps it or says what that means."#,
    meaning: [
      .text(#"Whatever goes by the field works otherwise after the upgrade. The plan compares whole objects, as they are live and as the API server has them after an apply; what no value of the chart, no rule and no bookkeeping of Kubernetes' accounts for is listed field by field, with what is there before and after."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"The field is in chart 0.1.0's manifest and not in the new one, or the new chart says something else. What the cluster changes by itself is `changed-by-admission`."#),
    ],
    resolution: [
      .text(#"Where the chart has a value for it, set that with `--set`. Where the change is sound, accept it, field by field:"#),
      .command(#"backbone-migrate apply web \\#n  --accept field-changed=Service/web:spec.trafficDistribution"#),
      .text(#"Without a path, `--accept field-changed` accepts all of a plan that is named by its id."#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let changedByAdmission = CataloguePage(
    code: #"changed-by-admission"#, dimension: .ownership, severities: [.breaking, .warning],
    summary: #"A field of an object comes out otherwise than it is sent: something in the cluster changes objects as they are written."#,
    meaning: [
      .text(#"The upgraded object has the field as the cluster wants it, whatever the chart says. The broker runs with another value than before, and a rollback does not bring the old one back: it is written, and changed again."#),
      .text(#"Severity: `breaking`; `warning` for a field that the upgrade leaves alone, and that a rollback would bring back otherwise."#),
    ],
    cause: [
      .text(#"A mutating webhook or policy came after the release was made, or goes by something that the new object has. Those that look at such objects are named where they may be listed."#),
    ],
    resolution: [
      .text(#"Except the release from it, where the old value is needed. Where the new one is sound, accept it, field by field:"#),
      .command(#"backbone-migrate apply web \\#n  --accept changed-by-admission=Service/web:spec.externalIPs"#),
      .text(#"Without a path, `--accept changed-by-admission` accepts all of a plan that is named by its id. The apply then leaves what was foretold, and a rollback is done when nothing but such fields differs."#),
    ],
    source: [
      .text(#"Kubernetes' admission control; measured, see docs/measured.md."#),
    ])

  private static let objectRemoved = CataloguePage(
    code: #"object-removed"#, dimension: .ownership, severities: [.blocker, .breaking],
    summary: #"An object of the release goes."#,
    meaning: [
      .text(#"Helm deletes what the old chart made and the new one does not, and with it what it did: an address, who may connect, what the broker may do, how many Pods may end at once, a job. What something that stays still uses cannot go: its Pods would not start."#),
      .text(#"Severity: `breaking`; `blocker` for what something that stays still uses."#),
    ],
    cause: [
      .text(#"Chart 0.2.0 has no such object, or makes one only when a value asks for it."#),
    ],
    resolution: [
      .text(#"Mark what shall stay, so that helm leaves it where it is. It belongs to nobody then:"#),
      .command(#"kubectl annotate ingress web --namespace mqtt \\#n  helm.sh/resource-policy=keep"#),
      .text(#"Or let it go:"#),
      .command(#"backbone-migrate apply web --accept object-removed=Ingress/web"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let objectUnowned = CataloguePage(
    code: #"object-unowned"#, dimension: .ownership, severities: [.blocker],
    summary: #"An object that the upgrade would create exists already, and the release does not own it."#,
    meaning: [
      .text(#"Helm stops with `exists and cannot be imported into the current release`. Objects without a namespace, such as ClusterRoles, count as well when a release in another namespace has one of the same name."#),
      .text(#"Severity: `blocker`; taken care of where only the target's defaults would create the object."#),
    ],
    cause: [
      .text(#"Somebody made the object by hand, another release has it, or it was left behind. With `--take-ownership` the upgrade passes, but a later rollback deletes the object, whoever made it."#),
    ],
    resolution: [
      .text(#"Have the chart take another name, or not create the object, or remove it if nobody needs it. Whose it is stands in its annotations, here for a Service:"#),
      .command(#"kubectl get service web-tcp --namespace mqtt --output yaml\#nbackbone-migrate plan web --set service.tcp.name=web-mqtt"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let serverRejects = CataloguePage(
    code: #"server-rejects"#, dimension: .ownership, severities: [.blocker],
    summary: #"The API server would not take an object as rendered."#,
    meaning: [
      .text(#"The upgrade would fail at this object, after it has changed others. `helm upgrade --dry-run=server` does not see most of these: it reports success."#),
      .text(#"Severity: `blocker`. Without a cluster to ask, as with `--from`, or without the permission to create or patch an object, it is listed as not judged."#),
    ],
    cause: [
      .text(#"The server was asked with a dry run, which changes nothing, and refused: a rule of the API, an admission webhook or a quota stands against it. The message is the server's."#),
    ],
    resolution: [
      .text(#"Do what the server says. Where it did not say anything because you may read but not write, plan once more as a user who may; this answers whether you are one:"#),
      .command(#"kubectl auth can-i patch deployments --namespace mqtt"#),
      .text(#"A Job's Pod template never changes. helm makes the new Job when the old one is gone, so delete one that has done its work, or have the chart name each version's Job anew:"#),
      .command(#"kubectl delete job web-init --namespace mqtt"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let noWayBack = CataloguePage(
    code: #"no-way-back"#, dimension: .ownership, severities: [.breaking],
    summary: #"The API server would not take an object back as it is now."#,
    meaning: [
      .text(#"The upgrade may well work, and a rollback would not: neither this program's, nor the one that follows a failed upgrade by itself. It would be refused at this object."#),
      .text(#"Severity: `breaking`. Where the user may not write such objects, or a webhook answers no dry runs, it is listed as not judged."#),
    ],
    cause: [
      .text(#"The rules of the cluster are younger than the object. A webhook, a policy or the namespace's Pod Security level refuses whatever is written now, and lets be what was there before. The server was asked by dry runs to write each object that the upgrade changes or deletes as it is now."#),
    ],
    resolution: [
      .text(#"Do what the message says to the release as it is, and plan again; or have the rule except the namespace for the time of the upgrade. Whoever needs no way back accepts it:"#),
      .command(#"backbone-migrate apply web --accept no-way-back"#),
    ],
    source: [
      .text(#"Kubernetes' admission control; measured, see docs/measured.md."#),
    ])

  private static let valueDrawn = CataloguePage(
    code: #"value-drawn"#, dimension: .ownership, severities: [.blocker, .breaking],
    summary: #"The target chart draws a value anew each time that it is rendered."#,
    meaning: [
      .text(#"What helm writes is not what the plan shows, and each later upgrade writes something else again. With a password or a certificate, whoever uses the old one is locked out; with an annotation of the Pods, every upgrade replaces them. What the plan shows of such a field is one draw of many, so neither the plan's digest nor the verification after an apply goes by it."#),
      .text(#"Severity: `blocker` where the broker's Deployment, a variable, a setting or the name of an object is drawn; else `breaking`. A chart that goes by `.Release.Revision` is listed as not judged: each upgrade renders another number, and none is known before."#),
    ],
    cause: [
      .text(#"A template uses a function such as `randAlphaNum`, `genCA`, `uuidv4` or `now`. The chart was rendered twice with the same values, and came out otherwise."#),
    ],
    resolution: [
      .text(#"Most charts draw only what they are not given. Give them the value, such as the password that is in use, or the name of the Secret that holds it:"#),
      .command(#"backbone-migrate plan web --chart ./our-backbone \\#n  --set auth.existingSecret=web-auth\#nbackbone-migrate plan web --chart ./our-backbone --adopt value-drawn"#),
      .text(#"The second command takes the draw as it comes. It does not help where the broker's own Deployment is drawn, or what the plan keeps: then the chart has to be mended, for what runs has to be what was planned."#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let chartAsksCluster = CataloguePage(
    code: #"chart-asks-cluster"#, dimension: .ownership, severities: [.info],
    summary: #"What the target chart renders depends on the cluster."#,
    meaning: [
      .text(#"The same chart with the same values makes other objects on another cluster: of other versions, with other names, or none. The plan goes by what comes out here."#),
      .text(#"Severity: `info`. Where the cluster could not be asked, it is listed as not judged."#),
    ],
    cause: [
      .text(#"A template asks for Kubernetes' version, which kinds are served (`.Capabilities`), or for an object that may be there (`lookup`). helm answers that by itself where it has no cluster to ask, and otherwise than the cluster would."#),
    ],
    resolution: [
      .text(#"Nothing, where the release is planned in its cluster: the chart is rendered on the API server's word, as `helm upgrade` does it. A plan from a file says nothing of it; make it where the release lives:"#),
      .command(#"backbone-migrate plan web --namespace mqtt --chart ./our-backbone"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let kindNotServed = CataloguePage(
    code: #"kind-not-served"#, dimension: .ownership, severities: [.blocker],
    summary: #"An object is of a kind that the cluster does not serve."#,
    meaning: [
      .text(#"Helm fails before it changes anything, and so does its rollback. It has to build the objects of the release's current manifest and of the new one, and cannot build one of a kind that the API server does not know ("no matches for kind")."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"The cluster was upgraded past the version in which Kubernetes still served that one, such as an Ingress of `networking.k8s.io/v1beta1` from 1.22 on. Or the CustomResourceDefinition is gone, or was never there. A helm whose discovery is from before may not notice, and leaves the object behind."#),
    ],
    resolution: [
      .text(#"For an object in the release's manifest of a kind that Kubernetes serves in another version, rewrite helm's record of the release with the plugin `mapkubeapis`; the object itself stays as it is:"#),
      .command(#"helm plugin install https://github.com/helm/helm-mapkubeapis\#nhelm mapkubeapis web --namespace mqtt\#nbackbone-migrate plan web --namespace mqtt"#),
      .text(#"For a custom resource, install its CustomResourceDefinition again, at least until the upgrade is done. For an object that the new chart renders, install what serves it before, or turn the object off by the chart's values."#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let workloadElsewhere = CataloguePage(
    code: #"workload-elsewhere"#, dimension: .ownership, severities: [.blocker],
    summary: #"The broker's Deployment is, or would be, in another namespace than the release."#,
    meaning: [
      .text(#"Secrets, claims and the ServiceAccount that its Pods name are those of its own namespace, and Services find Pods in theirs only. The target puts the Deployment into another namespace, where none of them are, and a broker there is another broker with other addresses."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"A template writes `metadata.namespace` of its own, by a value such as `namespaceOverride`."#),
    ],
    resolution: [
      .text(#"Move the release before, so that it lives where its broker does: install the chart as it is into that namespace, move the clients, and plan that release. Where the target chart has a value for the namespace, take it out, or set it to the release's:"#),
      .command(#"backbone-migrate plan web --namespace mqtt --set namespaceOverride=mqtt"#),
    ],
    source: [
    ])

  private static let managedByGitops = CataloguePage(
    code: #"managed-by-gitops"#, dimension: .ownership, severities: [.blocker],
    summary: #"Flux or Argo CD owns the release."#,
    meaning: [
      .text(#"What is changed past it is changed back at its next sync, in the middle of the night if need be."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"Labels, annotations or field managers on the Deployment are those of Flux or Argo CD, which bring the cluster to what git says, again and again."#),
    ],
    resolution: [
      .text(#"Make the change in git. The plan writes what belongs there, without secrets, and says what has to be done before:"#),
      .command(#"backbone-migrate plan web --namespace mqtt --output helmrelease\#nbackbone-migrate plan web --namespace mqtt --output application"#),
      .text(#"The first is for Flux, the second for Argo CD; docs/how-to/gitops.md goes through all of it."#),
    ],
    source: [
    ])

  private static let chartIsDependency = CataloguePage(
    code: #"chart-is-dependency"#, dimension: .ownership, severities: [.blocker],
    summary: #"The broker's chart is a dependency of another chart."#,
    meaning: [
      .text(#"The release belongs to the chart around it, and helm upgrades that one as a whole. The broker's chart cannot take the step by itself."#),
      .text(#"Severity: `blocker`."#),
    ],
    cause: [
      .text(#"The release's manifest was made from templates below `charts/` of the other chart. The dependency may have a name of its own there, an `alias`."#),
    ],
    resolution: [
      .text(#"Take the step there. Move the dependency in its Chart.yaml to the new version, and put the plan's values into its own; they stand below the dependency's name already:"#),
      .command(#"backbone-migrate plan web --namespace mqtt --output values"#),
    ],
    source: [
    ])

  private static let historyPruned = CataloguePage(
    code: #"history-pruned"#, dimension: .ownership, severities: [.breaking, .warning],
    summary: #"Helm is about to forget old revisions of the release."#,
    meaning: [
      .text(#"The revision from before the upgrade is the way back. When helm has forgotten it, `helm rollback` says `release has no 1 version`."#),
      .text(#"Severity: `breaking` when the current revision is gone already; `warning` when it is in danger."#),
    ],
    cause: [
      .text(#"Helm keeps ten revisions by default, and removes the oldest when it makes a new one. A night of attempts uses them up."#),
    ],
    resolution: [
      .text(#"`backbone-migrate apply` keeps as many as its way back needs. At every upgrade with helm alone keep more of them until the migration is settled, and export the release now; the file stays whatever helm forgets:"#),
      .command(#"backbone-migrate export web --namespace mqtt > web.json\#nhelm upgrade web ./backbone-0.2.0 --history-max 50 …"#),
    ],
    source: [
      .text(#"Measured on Helm 3.17 and 4.3, see docs/measured.md."#),
    ])

  private static let releaseTooLarge = CataloguePage(
    code: #"release-too-large"#, dimension: .ownership, severities: [.breaking],
    summary: #"The release may grow beyond what a Secret can hold."#,
    meaning: [
      .text(#"The upgrade fails when helm stores the new revision, after it has rendered everything."#),
      .text(#"Severity: `breaking`."#),
    ],
    cause: [
      .text(#"Helm stores each revision, with chart, values and manifest, in one Secret of at most 1,048,576 bytes. The size is an estimate from the current revision's, so it may be wrong by a little."#),
    ],
    resolution: [
      .text(#"Move large values, such as certificates or scripts, into ConfigMaps or Secrets of their own, and mount them. If you trust that it fits, go on:"#),
      .command(#"backbone-migrate plan web --adopt release-too-large"#),
    ],
    source: [
    ])

  private static let sourceValuesStale = CataloguePage(
    code: #"source-values-stale"#, dimension: .ownership, severities: [.warning],
    summary: #"Values somewhere else still describe the old chart."#,
    meaning: [
      .text(#"Whoever runs the usual command or pipeline again after the migration gives the old values to the new chart. Settings are dropped or refused, weeks after everybody has forgotten why."#),
      .text(#"Severity: `warning`."#),
    ],
    cause: [
      .text(#"The release was made with values, so there is a file, a repository or a pipeline that holds them."#),
    ],
    resolution: [
      .text(#"Find them, and replace them by the plan's values when the migration is done. Secrets are left out of these:"#),
      .command(#"helm get values web --namespace mqtt\#nbackbone-migrate plan web --namespace mqtt --output values"#),
    ],
    source: [
    ])
}

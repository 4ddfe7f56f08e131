import MigrateAdapters
import MigratePlanning

extension RunContext {
  /// How the broker stands, by what there is now of its Deployments.
  func brokerStatus(of deployments: [ObjectReference]) async -> BrokerStatus {
    var there: [ObjectReference: Deployment] = [:]
    for deployment in deployments {
      do {
        there[deployment] = try await cluster.get(deployment).map(Deployment.init)
      } catch {
        return .unknown
      }
    }
    return BrokerStatus(there)
  }
}

import MigrateAdapters
import MigratePlanning

/// A plan as YAML: the JSON contract, with its keys in the contract's order.
enum PlanYAML {
  /// - Throws: when the plan cannot be written as JSON.
  static func text(_ plan: PlanDocument) throws -> String {
    YAMLWriter(keyOrder: .given(keyOrders(of: plan, at: ""))).text(try plan.json)
  }

  /// The keys of every structure within, by JSON pointer, in the order in which they are declared,
  /// which is the contract's.
  private static func keyOrders(of value: Any, at pointer: String) -> [String: [String]] {
    let mirror = Mirror(reflecting: value)
    var orders: [String: [String]] = [:]
    switch mirror.displayStyle {
    case .collection:
      for (index, element) in mirror.children.enumerated() {
        orders.merge(keyOrders(of: element.value, at: "\(pointer)/\(index)")) { $1 }
      }
    case .struct:
      // A property with a wrapper is stored under its name with an underscore.
      let members = mirror.children.map { member in
        (name: String((member.label ?? "").trimmingPrefix("_")), value: member.value)
      }
      orders[pointer] = members.map(\.name)
      for member in members {
        orders.merge(keyOrders(of: member.value, at: "\(pointer)/\(member.name)")) { $1 }
      }
    default: break
    }
    return orders
  }
}

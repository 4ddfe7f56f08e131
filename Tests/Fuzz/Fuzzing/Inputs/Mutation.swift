import MigratePlanning

/// Small changes of inputs, by which a good one becomes one that nobody expects.
enum Mutation {
  /// Changes a tree in a few places.
  static func tree(_ tree: JSON, _ random: inout FuzzRandom) -> JSON {
    var changed = tree
    for _ in 0..<(1 + random.below(3)) { changed = changedOnce(changed, changed, &random) }
    return changed
  }

  private static func changedOnce(
    _ tree: JSON, _ whole: JSON, _ random: inout FuzzRandom
  ) -> JSON {
    switch tree {
    case .array(var elements) where !elements.isEmpty && !random.happens(oneIn: 8):
      let index = random.below(elements.count)
      switch random.below(14) {
      case 0: elements.remove(at: index)
      case 1: elements.append(elements[index])
      case 2: elements.swapAt(index, random.below(elements.count))
      case 3: elements.insert(Hostile.tree(&random), at: index)
      case 4 where random.happens(oneIn: 20):
        elements += Array(repeating: elements[index], count: random.below(400))
      default: elements[index] = changedOnce(elements[index], whole, &random)
      }
      return .array(elements)
    case .object(var members) where !members.isEmpty && !random.happens(oneIn: 10):
      let key = random.one(of: members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
      guard let key, let member = members[key] else { return tree }
      switch random.below(18) {
      case 0: members[key] = nil
      case 1: members[Hostile.text(&random)] = member
      case 2: members[random.one(of: Hostile.words) ?? ""] = Hostile.tree(&random)
      case 3:
        members[key] = nil
        members[random.one(of: Hostile.words) ?? ""] = member
      default: members[key] = changedOnce(member, whole, &random)
      }
      return .object(members)
    case .string(let text) where random.happens(oneIn: 3):
      return .string(self.text(text, &random))
    default:
      switch random.below(12) {
      case 0: return Hostile.nest(tree, random.below(random.happens(oneIn: 10) ? 700 : 6), &random)
      case 1: return subtree(of: whole, &random)
      case 2: return .array([tree])
      case 3...5: return Hostile.number(&random)
      default: return Hostile.tree(&random)
      }
    }
  }

  private static func subtree(of tree: JSON, _ random: inout FuzzRandom) -> JSON {
    var place = tree
    for _ in 0..<random.below(8) {
      switch place {
      case .array(let elements): place = random.one(of: elements) ?? place
      case .object(let members):
        let key = random.one(
          of: members.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        place = key.flatMap { members[$0] } ?? place
      default: return place
      }
    }
    return place
  }

  /// Changes a text.
  static func text(_ text: String, _ random: inout FuzzRandom) -> String {
    let scalars = Array(text.unicodeScalars)
    let place = random.below(scalars.count + 1)
    let piece = Array(Hostile.text(&random).unicodeScalars)
    let rest = Array(scalars[place...].dropFirst(random.below(4)))
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[..<place] + piece + rest)
    return String(view)
  }

  /// Changes bytes in a few places.
  static func bytes(_ bytes: [UInt8], _ random: inout FuzzRandom) -> [UInt8] {
    var changed = bytes
    for _ in 0..<(1 + random.below(4)) {
      let place = random.below(changed.count + 1)
      let length = min(changed.count - place, 1 + random.below(random.happens(oneIn: 4) ? 400 : 8))
      let range = place..<place + length
      switch random.below(10) {
      case 0 where place < changed.count: changed[place] ^= 1 << UInt8(random.below(8))
      case 1 where place < changed.count: changed[place] = UInt8(random.below(256))
      case 2: changed.removeSubrange(range)
      case 3: changed.insert(contentsOf: Array(changed[range]), at: random.below(changed.count + 1))
      case 4: changed.removeSubrange(place...)
      case 5: changed.insert(contentsOf: (random.one(of: Hostile.numbers) ?? "").utf8, at: place)
      case 6: changed.insert(UInt8(random.below(256)), at: place)
      case 7:
        changed.insert(contentsOf: (random.one(of: Hostile.words) ?? "").utf8, at: place)
      default: changed.insert(contentsOf: Hostile.text(&random).utf8, at: place)
      }
    }
    return changed
  }

  /// The beginning of one input and the end of another.
  static func spliced(
    _ first: [UInt8], _ second: [UInt8], _ random: inout FuzzRandom
  ) -> [UInt8] {
    Array(first[..<random.below(first.count + 1)] + second[random.below(second.count + 1)...])
  }
}

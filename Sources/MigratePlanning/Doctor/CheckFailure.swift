/// Why a question about the surroundings has no good answer.
package enum CheckFailure: Error, Hashable, Sendable {
  /// The program was not found.
  case noProgram(String)
  /// The cluster does not answer.
  case unreachable(String)
  /// The cluster does not know who asks: credentials that ran out, most likely.
  case unauthorized(String)
  /// The cluster knows who asks, and does not answer them this.
  case forbidden(String)
  /// What was asked for is not there.
  case notFound(String)
  /// It was not asked, because something else does not work.
  case notAsked
  case other(String)

  /// What the program said, or what is so.
  var words: String {
    switch self {
    case .noProgram(let name): "\"\(name)\" was not found"
    case .unreachable(let detail), .unauthorized(let detail), .forbidden(let detail),
      .notFound(let detail), .other(let detail):
      detail
    case .notAsked: "not asked"
    }
  }
}

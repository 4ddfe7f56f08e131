/// Why the API server does not take an object.
package struct Refusal: Hashable, Sendable {
  /// The reason by which it is told what to make of it.
  package var reason: ClientError.Reason
  /// Its own words, without secrets.
  package var words: String
}

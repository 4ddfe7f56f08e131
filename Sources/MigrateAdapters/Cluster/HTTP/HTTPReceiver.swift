import NIOCore
import Synchronization

/// Takes an answer as it arrives. All calls come one after the other, and after the last of
/// ``end()`` and ``fail(_:)`` no other one counts.
protocol HTTPReceiver: Sendable {
  func begin(_ head: HTTPAnswer)
  func take(_ bytes: ByteBuffer)
  func end()
  func fail(_ failure: HTTPFailure)
  /// Whether more is wanted: not after an end, and not when there was too much.
  var isOpen: Bool { get }
}

/// Gathers a whole answer.
final class WholeAnswer: HTTPReceiver {
  private struct State {
    var answer: HTTPAnswer?
    var bytes = ByteBuffer()
    var result: Result<HTTPAnswer, HTTPFailure>?
    var waiting: CheckedContinuation<Result<HTTPAnswer, HTTPFailure>, Never>?
  }

  private let limit: Int
  private let state = Mutex(State())

  /// Takes the most bytes that the body may have.
  init(limit: Int) { self.limit = limit }

  /// The answer, when it is there. To be asked for once.
  var result: Result<HTTPAnswer, HTTPFailure> {
    get async {
      await withCheckedContinuation { continuation in
        let result = state.withLock { state in
          if state.result == nil { state.waiting = continuation }
          return state.result
        }
        if let result { continuation.resume(returning: result) }
      }
    }
  }

  /// Whether any part of an answer came.
  var hasBegun: Bool { state.withLock { $0.answer != nil } }

  var isOpen: Bool { state.withLock { $0.result == nil } }

  func begin(_ head: HTTPAnswer) { state.withLock { $0.answer = head } }

  func take(_ bytes: ByteBuffer) {
    let isTooLarge = state.withLock { state in
      guard state.result == nil else { return false }
      guard state.bytes.readableBytes + bytes.readableBytes <= limit else { return true }
      state.bytes.writeImmutableBuffer(bytes)
      return false
    }
    if isTooLarge { finish(.failure(.tooLarge(limit: limit))) }
  }

  func end() {
    let answer = state.withLock { state in
      var answer = state.answer ?? HTTPAnswer(status: 0)
      answer.body = Array(state.bytes.readableBytesView)
      return answer
    }
    finish(.success(answer))
  }

  func fail(_ failure: HTTPFailure) { finish(.failure(failure)) }

  private func finish(_ result: Result<HTTPAnswer, HTTPFailure>) {
    let waiting = state.withLock { state in
      guard state.result == nil else {
        return nil as CheckedContinuation<Result<HTTPAnswer, HTTPFailure>, Never>?
      }
      state.result = result
      state.bytes = ByteBuffer()
      defer { state.waiting = nil }
      return state.waiting
    }
    waiting?.resume(returning: result)
  }
}

/// What comes of an answer that is read line by line.
enum HTTPStreamPart: Hashable, Sendable {
  /// The answer's status and headers; its body, too, when it is none of lines.
  case head(HTTPAnswer)
  case line([UInt8])
}

/// Gives an answer line by line, as it comes. One that is a refusal is given whole, as the head.
final class AnswerLines: HTTPReceiver {
  private struct State {
    var head: HTTPAnswer?
    var rest: [UInt8] = []
    var isOver = false
  }

  private let limit: Int
  private let parts: AsyncThrowingStream<HTTPStreamPart, any Error>.Continuation
  private let state = Mutex(State())

  /// Takes the most bytes that a line may have, and who gets the lines.
  init(
    limit: Int, parts: AsyncThrowingStream<HTTPStreamPart, any Error>.Continuation
  ) {
    self.limit = limit
    self.parts = parts
  }

  var isOpen: Bool { state.withLock { !$0.isOver } }

  func begin(_ head: HTTPAnswer) {
    state.withLock { $0.head = head }
    if head.status == 200 { parts.yield(.head(head)) }
  }

  func take(_ bytes: ByteBuffer) {
    let (lines, isTooLarge) = state.withLock { state -> ([[UInt8]], Bool) in
      guard !state.isOver else { return ([], false) }
      state.rest += bytes.readableBytesView
      guard state.rest.count <= limit else { return ([], true) }
      guard state.head?.status == 200, bytes.readableBytesView.contains(UInt8(ascii: "\n")) else {
        return ([], false)
      }
      var lines = state.rest.split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      state.rest = Array(lines.removeLast())
      return (lines.filter { !$0.isEmpty }.map(Array.init), false)
    }
    for line in lines { parts.yield(.line(line)) }
    if isTooLarge { fail(.tooLarge(limit: limit)) }
  }

  func end() {
    let left = state.withLock { state -> HTTPAnswer? in
      defer { state.isOver = true }
      guard !state.isOver, var head = state.head else { return nil }
      head.body = state.rest
      return head
    }
    if let left {
      if left.status != 200 {
        parts.yield(.head(left))
      } else if !left.body.isEmpty {
        parts.yield(.line(left.body))
      }
    }
    parts.finish()
  }

  func fail(_ failure: HTTPFailure) {
    state.withLock { $0.isOver = true }
    parts.finish(throwing: failure)
  }
}

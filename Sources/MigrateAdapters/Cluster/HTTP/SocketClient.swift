import Dispatch
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Speaks HTTP/1.1 with a server that listens at a socket of this machine, over connections that
/// are kept for the next request.
///
/// Requests run side by side, each over a connection of its own. A connection that was used before
/// may be closed by the server in the moment in which it is used again: a question is then sent
/// once more, over a new one, and a change is not, since nobody knows what became of it.
final class SocketClient: Sendable {
  /// The most bytes that an answer may have, as for what a program prints.
  static let answerLimit = Subprocesses.outputLimit
  /// The most bytes that a line of a stream may have: an object is a tenth of it at most.
  static let lineLimit = 32 << 20
  /// How many requests are under way at once. More only wait in kubectl, which has one connection
  /// to the API server.
  private static let width = 16

  private let path: String
  private let answerLimit: Int
  private let lineLimit: Int
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let idle = Mutex<[any Channel]>([])
  private let gate = Gate(width: width)

  /// Takes the socket's path, and how much is read.
  init(
    path: String, answerLimit: Int = answerLimit, lineLimit: Int = lineLimit
  ) {
    self.path = path
    self.answerLimit = answerLimit
    self.lineLimit = lineLimit
  }

  deinit { group.shutdownGracefully(queue: .global()) { _ in } }

  /// The connections that wait for a request.
  var idleCount: Int { idle.withLock(\.count) }

  /// Sends a request, and gives the answer, whatever its status.
  ///
  /// - Throws: ``HTTPFailure``.
  func answer(
    to request: HTTPRequest, within limit: Duration
  ) async throws(HTTPFailure) -> HTTPAnswer {
    await gate.enter()
    defer { gate.leave() }
    if let channel = takeIdle() {
      let receiver = WholeAnswer(limit: answerLimit)
      do {
        return try await answer(to: request, within: limit, over: channel, receiver)
      } catch .notConnected {
        // It was closed before anything was sent.
      } catch .noAnswer where request.isQuestion && !receiver.hasBegun {
        // The server was closing it; asking twice harms nobody.
      }
    }
    let channel = try await connect(within: limit)
    return try await answer(
      to: request, within: limit, over: channel, WholeAnswer(limit: answerLimit))
  }

  private func answer(
    to request: HTTPRequest, within limit: Duration, over channel: any Channel,
    _ receiver: WholeAnswer
  ) async throws(HTTPFailure) -> HTTPAnswer {
    send(
      HTTPExchange(
        request: request, receiver: receiver, limit: limit,
        isOver: { [weak self] in self?.keep($0) }),
      over: channel)
    let result = await withTaskCancellationHandler {
      await receiver.result
    } onCancel: {
      receiver.fail(.cancelled)
      channel.close(promise: nil)
    }
    return try result.get()
  }

  /// Sends a request whose answer comes line by line, over a connection of its own that is closed
  /// when nobody reads any more. The first part is the head; a refusal has its body in it, and no
  /// lines. The stream ends when the server ends it, and throws ``HTTPFailure``.
  func lines(
    of request: HTTPRequest, connectingWithin limit: Duration
  ) async throws(HTTPFailure) -> AsyncThrowingStream<HTTPStreamPart, any Error> {
    let channel = try await connect(within: limit)
    let (stream, parts) = AsyncThrowingStream.makeStream(of: HTTPStreamPart.self)
    parts.onTermination = { _ in channel.close(promise: nil) }
    send(
      HTTPExchange(
        request: request, receiver: AnswerLines(limit: lineLimit, parts: parts), limit: nil,
        isOver: { $0.close(promise: nil) }),
      over: channel)
    return stream
  }

  private func send(_ exchange: HTTPExchange, over channel: any Channel) {
    channel.writeAndFlush(exchange).whenFailure { error in
      exchange.receiver.fail(.notConnected("\(error)"))
    }
  }

  private func connect(within limit: Duration) async throws(HTTPFailure) -> any Channel {
    let bootstrap = ClientBootstrap(group: group).connectTimeout(TimeAmount(limit))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          try channel.pipeline.syncOperations.addHandler(HTTPExchangeHandler())
        }
      }
    do {
      let channel = try await bootstrap.connect(unixDomainSocketPath: path).get()
      channel.closeFuture.whenComplete { [weak self] _ in
        self?.idle.withLock { $0.removeAll { $0 === channel } }
      }
      return channel
    } catch {
      throw .notConnected("\(error)")
    }
  }

  private func takeIdle() -> (any Channel)? {
    idle.withLock { idle in
      while let channel = idle.popLast() {
        if channel.isActive { return channel }
      }
      return nil
    }
  }

  private func keep(_ channel: any Channel) {
    idle.withLock { idle in
      if channel.isActive, !idle.contains(where: { $0 === channel }) { idle.append(channel) }
    }
  }
}

/// Lets so many in at once; the others wait in their order.
private final class Gate: Sendable {
  private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

  init(width: Int) { state = Mutex((width, [])) }

  func enter() async {
    await withCheckedContinuation { continuation in
      let isFree = state.withLock { state in
        guard state.free > 0 else {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if isFree { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}

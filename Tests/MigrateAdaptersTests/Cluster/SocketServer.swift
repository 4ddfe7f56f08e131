import Foundation
import NIOCore
import NIOPosix
import Synchronization

@testable import MigrateAdapters

/// A server at a socket of this machine that does with each request what a test says, byte for
/// byte.
final class SocketServer: Sendable {
  enum Step: Sendable {
    case send(String)
    case sendBytes([UInt8])
    case pause(Duration)
    case close
  }

  /// What a request is answered with: its head and body, and the how manieth request and
  /// connection.
  typealias Script = @Sendable (_ request: String, _ number: Int, _ connection: Int) -> [Step]

  let path: String
  private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private let channel: any Channel
  private let record: Record

  /// All requests until now.
  var requests: [String] { record.state.withLock(\.requests) }
  /// How many connections there were until now.
  var connections: Int { record.state.withLock(\.connections) }

  final class Record: Sendable {
    let state = Mutex((requests: [String](), connections: 0))
  }

  init(_ script: @escaping Script) async throws {
    let folder = try ProxyFolder.make()
    path = folder + "/s"
    let record = Record()
    self.record = record
    channel = try await ServerBootstrap(group: group).childChannelInitializer { channel in
      channel.eventLoop.makeCompletedFuture {
        let number = record.state.withLock { state in
          state.connections += 1
          return state.connections
        }
        try channel.pipeline.syncOperations.addHandler(
          Connection(number: number, record: record, script: script))
      }
    }.bind(unixDomainSocketPath: path).get()
  }

  /// Does a test's work with a server.
  static func with(
    _ script: @escaping Script,
    _ work: nonisolated(nonsending) (SocketServer, SocketClient) async throws -> Void
  ) async throws {
    let server = try await SocketServer(script)
    let client = SocketClient(path: server.path, answerLimit: 1 << 20, lineLimit: 1 << 16)
    do {
      try await work(server, client)
    } catch {
      try await server.end()
      throw error
    }
    try await server.end()
  }

  func end() async throws {
    try? await channel.close()
    try await group.shutdownGracefully()
    try? FileManager.default.removeItem(
      at: URL(filePath: path).deletingLastPathComponent())
  }

  private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let record: Record
    private let script: Script
    private var text: [UInt8] = []

    init(number: Int, record: Record, script: @escaping Script) {
      self.number = number
      self.record = record
      self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      text += unwrapInboundIn(data).readableBytesView
      let request = String(decoding: text, as: UTF8.self)
      guard let head = request.range(of: "\r\n\r\n") else { return }
      let length =
        request.firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
      guard request[head.upperBound...].utf8.count >= length else { return }
      text = []
      let count = record.state.withLock { state in
        state.requests.append(request)
        return state.requests.count
      }
      perform(script(request, count, number)[...], context)
    }

    private func perform(_ steps: ArraySlice<Step>, _ context: ChannelHandlerContext) {
      guard let step = steps.first else { return }
      let rest = steps.dropFirst()
      switch step {
      case .send(let text):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        perform(rest, context)
      case .sendBytes(let bytes):
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        perform(rest, context)
      case .pause(let time):
        context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(time)) {
          self.perform(rest, context)
        }
      case .close: context.close(promise: nil)
      }
    }
  }
}

extension [SocketServer.Step] {
  /// An answer with a length.
  static func answer(
    _ body: String, status: String = "200 OK",
    headers: String = "content-type: application/json\r\n"
  ) -> [SocketServer.Step] {
    [.send("HTTP/1.1 \(status)\r\n\(headers)content-length: \(body.utf8.count)\r\n\r\n\(body)")]
  }
}

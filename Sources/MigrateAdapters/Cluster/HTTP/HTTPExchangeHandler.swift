import NIOCore
import NIOHTTP1

/// A request, and who gets its answer.
struct HTTPExchange: Sendable {
  var request: HTTPRequest
  var receiver: any HTTPReceiver
  /// How long the answer may take; nil for as long as it likes.
  var limit: Duration?
  /// Told when the connection is free for another request.
  var isOver: @Sendable (any Channel) -> Void
}

/// Sends requests over one connection, one after the other, and gives their answers to whoever
/// waits for them.
final class HTTPExchangeHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = HTTPExchange
  typealias OutboundOut = HTTPClientRequestPart

  private var exchange: HTTPExchange?
  private var deadline: Scheduled<Void>?
  private var staysOpen = true

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    let exchange = unwrapOutboundIn(data)
    guard context.channel.isActive, self.exchange == nil else {
      exchange.receiver.fail(.notConnected("the connection is closed"))
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    self.exchange = exchange
    staysOpen = true
    deadline = exchange.limit.map { limit in
      context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
        self.fail(.timedOut(seconds: Int(limit.components.seconds)), context)
      }
    }
    let request = exchange.request
    var headers: HTTPHeaders = ["host": "localhost", "accept": request.accept]
    if let type = request.contentType { headers.add(name: "content-type", value: type) }
    if request.method != .get {
      headers.add(name: "content-length", value: String(request.body.count))
    }
    let head = HTTPRequestHead(
      version: .http1_1, method: HTTPMethod(rawValue: request.method.rawValue),
      uri: request.target, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if !request.body.isEmpty {
      let body = context.channel.allocator.buffer(bytes: request.body)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    context.write(wrapOutboundOut(.end(nil)), promise: nil)
    // The connection's end tells what became of it; a promise that fails means that it was not
    // taken.
    promise?.succeed()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let receiver = exchange?.receiver else {
      // Nobody asked; what follows would be taken for the answer to the next request.
      context.close(promise: nil)
      return
    }
    switch unwrapInboundIn(data) {
    case .head(let head):
      staysOpen = head.isKeepAlive
      var answer = HTTPAnswer(status: Int(head.status.code))
      for (name, value) in head.headers where answer.headers[name.lowercased()] == nil {
        answer.headers[name.lowercased()] = value
      }
      receiver.begin(answer)
    case .body(let bytes):
      receiver.take(bytes)
      if !receiver.isOpen { fail(.cancelled, context) }
    case .end:
      let exchange = exchange
      forget()
      if !staysOpen { context.close(promise: nil) }
      exchange?.isOver(context.channel)
      receiver.end()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    fail(.noAnswer("the connection was closed"), context)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.invalidEOFState: fail(.noAnswer("it ends in its middle"), context)
    case is HTTPParserError, is NIOHTTPDecoderError: fail(.malformed("\(error)"), context)
    default: fail(.noAnswer("\(error)"), context)
    }
  }

  private func fail(_ failure: HTTPFailure, _ context: ChannelHandlerContext) {
    let exchange = exchange
    forget()
    // What comes yet belongs to nobody.
    context.close(promise: nil)
    exchange?.isOver(context.channel)
    exchange?.receiver.fail(failure)
  }

  private func forget() {
    deadline?.cancel()
    (exchange, deadline) = (nil, nil)
  }
}

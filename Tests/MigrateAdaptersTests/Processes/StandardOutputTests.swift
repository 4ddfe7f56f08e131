import Foundation
import SystemPackage
import Testing

@testable import MigrateAdapters

@Suite struct StandardOutputTests {
  @Test func aFullDiskIsKnown() throws {
    let full = try FileDescriptor.open("/dev/full", .writeOnly)
    defer { try? full.close() }
    let output = StandardOutput(full)
    #expect(output.failure == nil)
    output.write("text")
    #expect(output.failure == "No space left on device")
    output.write("more")
    #expect(output.failure == "No space left on device")
  }

  @Test func aReaderThatGoesIsNoFailure() throws {
    let pipe = Pipe()
    try pipe.fileHandleForReading.close()
    let output = StandardOutput(
      FileDescriptor(rawValue: pipe.fileHandleForWriting.fileDescriptor))
    let before = signal(SIGPIPE, SIG_IGN)
    defer { signal(SIGPIPE, before) }
    output.write("text")
    #expect(output.failure == nil)
  }

  @Test func whatIsWrittenArrives() throws {
    let pipe = Pipe()
    let output = StandardOutput(
      FileDescriptor(rawValue: pipe.fileHandleForWriting.fileDescriptor))
    output.write("Grüße")
    try pipe.fileHandleForWriting.close()
    #expect(pipe.fileHandleForReading.readDataToEndOfFile() == Data("Grüße".utf8))
    #expect(output.failure == nil)
  }
}

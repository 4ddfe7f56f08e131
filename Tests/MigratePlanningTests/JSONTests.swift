@testable import MigratePlanning
import Testing
@Test func placeholder() { #expect(JSON.integer(3) == 3) }

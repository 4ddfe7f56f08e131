import Foundation
import MigratePlanning
import Testing

struct CatalogueTests {
  private static let codes = Catalogue.pages.map(\.code)

  @Test func everyRuleHasOnePageOfItsDimension() {
    for rule in Rules.all {
      let pages = Catalogue.pages.filter { $0.code == rule.code.rawValue }
      #expect(pages.count == 1, "\(rule.code)")
      #expect(pages.first?.dimension == rule.dimension)
      #expect(pages.first?.severities.isEmpty == false)
    }
  }

  @Test func everyPageIsOfARule() {
    #expect(Self.codes.sorted() == Rules.all.map { $0.code.rawValue }.sorted())
  }

  @Test func everyCodeHasARule() {
    let judged = Set(Rules.all.map { $0.code })
    #expect(judged == Set(FindingCode.allCases))
  }

  @Test(arguments: Catalogue.pages)
  func aPageSaysWhatWhyAndHow(page: CataloguePage) {
    #expect(page.summary.hasSuffix("."))
    for part in [page.meaning, page.cause, page.resolution] {
      guard case .text(let text)? = part.first else {
        Issue.record("\(page.code) has an empty part")
        continue
      }
      #expect(text.count > 20)
    }
    let commands = page.resolution.filter { block in
      if case .command = block { return true }
      return false
    }
    #expect(!commands.isEmpty)
  }

  @Test(arguments: Catalogue.pages)
  func aPageOfTheManualHasTheSamePartsAndNoLongLine(page: CataloguePage) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../docs/findings")
    let text = try String(contentsOf: folder.appending(path: "\(page.code).md"), encoding: .utf8)
    for title in ["What it means", "Why it happens", "How to resolve it"] {
      #expect(text.contains("\n## \(title)\n"))
    }
    for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    let index = try String(contentsOf: folder.appending(path: "README.md"), encoding: .utf8)
    #expect(index.contains("](\(page.code).md)"))
  }
}

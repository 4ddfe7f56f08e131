import MigratePlanning
import Testing

struct PrintingTests {
  @Test(arguments: ["run-k3m8p2vd", "run-1", "run-of-another-machine"])
  func whatThisProgramMakesIsAnID(text: String) { #expect(text.isID(of: "run")) }

  @Test(arguments: [
    "", "run-", "run", "plan-1", "run-1;id", "run-$(id)", "run-`id`", "run-1 --yes", "run-A",
    "run-1\n", "run-\u{1B}[2J", "run-1,backbone-migrate/run!=x", "--run-1", "run--1", "run-1-",
    "run-ä", "run-1/../x", "run-" + String(repeating: "a", count: 60),
  ])
  func whatElseClaimsToBeOneIsNone(text: String) { #expect(!text.isID(of: "run")) }

  @Test(arguments: [
    ("ada@desk run-1", #""ada@desk run-1""#), ("a$(id)", "'a$(id)'"), ("a`id`", "'a`id`'"),
    (#"a"; id; ""#, #"'a"; id; "'"#), (#"a\"#, #"'a\'"#), ("it's", #""it's""#),
    ("$'", #"'$'\'''"#), ("!!", "'!!'"),
  ])
  func aHolderIsOneWordOfAShell(text: String, quoted: String) {
    #expect(text.inDoubleQuotes == quoted)
  }
}

import Testing

@testable import MigratePlanning

@Suite struct NextCommandTests {
  @Test func itIsQuotedForAShellAndNamedAsItIsTyped() {
    let command = NextCommand(.apply, "--resume", "run $1", options: " --namespace mqtt")
    #expect(command.text == "backbone-migrate apply --resume 'run $1' --namespace mqtt")
    #expect(
      command.adding(" --dry-run").text(as: .helmPlugin)
        == "helm backbone-migrate apply --resume 'run $1' --namespace mqtt --dry-run")
    #expect("\(NextCommand(.explain))" == "backbone-migrate explain")
  }

  @Test(
    arguments: [
      ("backbone-migrate rollback web --namespace mqtt", .rollback),
      ("backbone-migrate plan", .plan),
      ("backbone-migrate plans web", nil), ("backbone-migrate  plan", nil), ("sleep", nil),
      ("", nil),
      ("helm backbone-migrate plan", nil), ("backbone-migrate plan\u{301}", nil),
    ] as [(String, NextCommand.Verb?)])
  func whateverStandsInADocumentIsReadAndWrittenAsItIs(text: String, verb: NextCommand.Verb?)
    throws
  {
    let command = NextCommand(text: text)
    #expect(command.verb == verb)
    #expect(command.text == text)
    #expect(command.text(as: .helmPlugin) == (verb == nil ? text : "helm \(text)"))
    #expect(try JSON(encoding: [command]) == [.string(text)])
  }

  @Test(
    arguments: [
      ("see \"backbone-migrate status web\"", "see \"helm backbone-migrate status web\""),
      ("$(backbone-migrate plan web); helm", "$(helm backbone-migrate plan web); helm"),
      ("backbone-migrate plan-x7k2m9qa, backbone-migrate planned", nil),
      ("a run of backbone-migrate left it; backbone-migrate dances", nil), ("", nil),
    ] as [(String, String?)])
  func theCommandsInProseAreNamed(prose: String, byPlugin: String?) {
    #expect(ProgramName.helmPlugin.naming(commandsIn: prose) == byPlugin ?? prose)
    #expect(ProgramName.standalone.naming(commandsIn: prose) == prose)
  }
}

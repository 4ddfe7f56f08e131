import MigratePlanning
import Testing

/// What a chart asks beyond its values, by the text of its files.
@Suite struct ChartQuestionsTests {
  private enum Question: Hashable {
    case version, cluster, chance, time, constraint, values, revision
  }

  private static func questions(_ files: [String: String]) -> Set<Question> {
    asked(ChartQuestions(files: files.map { ($0.key, $0.value) }))
  }

  private static func asked(_ questions: ChartQuestions) -> Set<Question> {
    var found: Set<Question> = []
    if questions.asksVersion { found.insert(.version) }
    if questions.asksCluster { found.insert(.cluster) }
    if questions.asksChance { found.insert(.chance) }
    if questions.asksTime { found.insert(.time) }
    if questions.constrainsVersion { found.insert(.constraint) }
    if questions.asksRevision { found.insert(.revision) }
    if questions.rendersValues { found.insert(.values) }
    return found
  }

  @Test(
    arguments: [
      ("a: {{ .Values.a }}", []), ("{{ .Capabilities.KubeVersion.Version }}", [.version]),
      ("{{ $.Capabilities.KubeVersion.Major }}", [.version]),
      ("{{ .Capabilities.HelmVersion.Version }}", []),
      ("{{- if .Capabilities.APIVersions.Has \"policy/v1\" -}}", [.cluster]),
      ("{{ $c := .Capabilities }}", [.cluster]), ("{{ index . \"Capabilities\" }}", [.cluster]),
      ("{{ (lookup \"v1\" \"Secret\" .Release.Namespace \"x\").data }}", [.cluster]),
      ("{{ if or (not (lookup \"v1\" \"Secret\" \"a\" \"b\")) true }}", [.cluster]),
      ("lookup: {{ .Values.lookup }}", []), ("{{ $lookup }} {{ .Values.now }}", []),
      ("{{/* lookup, randAlphaNum and .Capabilities */}}", []), ("{{- /* now */ -}}", []),
      ("{{ randAlphaNum 16 | b64enc }}", [.chance]),
      ("{{ .Values.x | default uuidv4 }}", [.chance]),
      ("{{ $ca := genCA \"web\" 365 }}", [.chance]), ("{{ first (keys .Values.map) }}", [.chance]),
      ("{{ now | date \"2006\" }}", [.time]), ("{{now}}", [.time]),
      ("rolled: {{ .Release.Revision | quote }}", [.revision]),
      ("{{ $.Release.Revision }} {{ .Values.revision }}", [.revision]),
      ("{{ tpl .Values.extra . }}", [.values]),
      ("{{ tpl \"{{ lookup 1 }}\" . }}", [.values, .cluster]),
      ("{{ .Values.known }} {{ nowhere }} {{ renow }}", []),
      ("{{ unfinished lookup", [.cluster]), ("{{", []), ("{", []),
    ] as [(String, Set<Question>)])
  private func oneTemplate(text: String, asks: Set<Question>) {
    #expect(Self.questions(["templates/a.yaml": text]) == asks)
    #expect(Self.questions(["charts/dependency/templates/_helpers.tpl": text]) == asks)
    #expect(Self.questions(["charts/packed-1.0.0.tgz/templates/a.yaml": text]) == asks)
    // Nobody renders these.
    #expect(Self.questions(["README.md": text, "values.yaml": text]) == [])
  }

  @Test func whereValuesAreTemplatesTheyAskAsWell() throws {
    let template = "{{ tpl (toYaml .Values.extra) . }}"
    #expect(
      Self.questions([
        "templates/a.yaml": template, "values.yaml": "extra: '{{ randAlphaNum 5 }}'",
      ]) == [.values, .chance])
    let questions = ChartQuestions(files: [("templates/a.yaml", template)])
    let given: JSON = ["extra": ["a": ["{{ lookup \"v1\" \"Secret\" \"a\" \"b\" }}"]]]
    #expect(Self.asked(questions.with(values: [given])) == [.values, .cluster])
    #expect(Self.asked(questions.with(values: [["extra": "lookup"]])) == [.values])
    let plain = ChartQuestions(files: [("templates/a.yaml", "{{ .Values.extra }}")])
    #expect(Self.asked(plain.with(values: [given])) == [])
  }

  @Test func aConstraintIsNoQuestion() {
    let asked = Self.questions(["Chart.yaml": "name: a\nkubeVersion: \">=1.19.0-0\"\n"])
    #expect(asked == [.constraint])
    #expect(Self.questions(["charts/b/Chart.yaml": "kubeVersion: 1\n"]) == [.constraint])
    #expect(Self.questions(["Chart.yaml": "name: a\n# kubeVersion: 1\n"]) == [])
  }
}

/// Texts that are easily lost on their way through a shell, YAML, a template or JSON.
enum AwkwardText {
  /// Texts that every way into a Deployment carries, YAML of Helm's making included.
  static let plain = [
    "y", "no", "0123", "1e3", "null", "~", "1:30", "2024-01-31", "0x10", "+1", ".5", "true ", " x",
    "- a", "a: b", "#no", "[a]", "{b: c}", "{{ .Values.x }}", "{{", "$$", "$", "100%", "$()", "$(",
    #"say "hello""#, "it's", #"C:\temp\new"#, #"\n"#, "&anchor", "*alias", "!tag", "|", ">-", "@at",
    "`tick`", "Zürich", "日本", "emoji 🦴 end", "tab\there", "a=b=c", "-", "x-",
    String(repeating: "long ", count: 4000),
  ]

  /// Texts that come out of YAML only where they are quoted.
  static let unruly = [
    "line\nbreak", "trailing newline\n", "\n", "trailing space ", "\r\n", "\t",
    "line\u{2028}separator", "bell\u{7}", "escape\u{1B}[31m", "bom\u{FEFF}", "\u{202E}turned",
    "e\u{301}", "\u{E9}",
  ]

  /// Texts that Helm 4 cannot carry in server-side apply, however they are written.
  static let untamed = [
    "nel\u{85}here", "delete\u{7F}here", "c1\u{9B}31m", "not\u{FFFE}a character",
  ]
}

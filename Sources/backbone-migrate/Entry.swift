import ArgumentParser
import MigrateCLI

@main
enum Entry {
  static func main() async {
    await BackboneMigrate.main()
  }
}

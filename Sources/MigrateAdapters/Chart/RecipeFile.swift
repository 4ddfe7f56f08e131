package import MigratePlanning

/// Reads recipes from their YAML text.
package enum RecipeFile {
  /// Reads a recipe from a file.
  ///
  /// - Throws: ``RecipeFileError`` with the file, and the line where there is one.
  package static func recipe(at path: String) throws(RecipeFileError) -> Recipe {
    let text: String
    do {
      text = try InputFile.text(at: path, limit: 1 << 20)
    } catch {
      throw RecipeFileError(description: "recipe \(error)")
    }
    do {
      return try recipe(from: text)
    } catch {
      throw RecipeFileError(description: "\"\(path)\" is no recipe: \(error)")
    }
  }

  /// Reads a recipe.
  ///
  /// - Throws: ``RecipeError`` with the line.
  package static func recipe(from text: String) throws(RecipeError) -> Recipe {
    let document: YAMLReader.LocatedDocument
    do {
      document = try YAMLReader().documentWithLines(text)
    } catch {
      throw RecipeError(place: [], reason: error.description)
    }
    do {
      return try Recipe(json: document.value)
    } catch {
      var error = error
      var place = error.place
      repeat {
        let pointer = place.map { "/" + $0.pointerToken }.joined()
        error.line = document.lines[pointer]
      } while error.line == nil && place.popLast() != nil
      throw error
    }
  }

  /// The recipe that the binary carries for the step from chart 0.1.0 to 0.2.0.
  ///
  /// - Throws: ``RecipeError``.
  package static func embedded() throws(RecipeError) -> Recipe {
    let name = "backbone-0.1.0-to-0.2.0.yaml"
    guard let file = EmbeddedFiles.recipes.first(where: { $0.path == name }) else {
      throw RecipeError(place: [], reason: "\(name) is not embedded")
    }
    return try recipe(from: file.text)
  }
}

/// A file that holds no recipe that can be used.
package struct RecipeFileError: Error, Hashable, CustomStringConvertible {
  package let description: String
}

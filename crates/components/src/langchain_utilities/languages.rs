//! Where texts in programming languages are cut, coarsest first, as LangChain's splitters do.

use crate::text::splitter::Separator;
use regex::Regex;

/// How the first separators of a language are written.
enum Cut {
    /// Words that begin a line.
    Words(&'static [&'static str]),
    /// Regular expressions, all of them.
    Patterns(&'static [&'static str]),
}

use Cut::{Patterns, Words};

/// Behind the words: blank lines, lines, words, characters.
const REST: [&str; 4] = ["\n\n", "\n", " ", ""];

const C: Cut = Words(&["class", "void", "int", "float", "double", "if", "for", "while", "switch", "case"]);

/// Name and separators of every language.
const LANGUAGES: [(&str, Cut); 27] = [
    ("cpp", C),
    ("go", Words(&["func", "var", "const", "type", "if", "for", "switch", "case"])),
    (
        "java",
        Words(&["class", "public", "protected", "private", "static", "if", "for", "while", "switch", "case"]),
    ),
    (
        "kotlin",
        Words(&[
            "class",
            "public",
            "protected",
            "private",
            "internal",
            "companion",
            "fun",
            "val",
            "var",
            "if",
            "for",
            "while",
            "when",
            "else",
        ]),
    ),
    (
        "js",
        Words(&[
            "function", "const", "let", "var", "class", "if", "for", "while", "switch", "case", "default",
        ]),
    ),
    (
        "ts",
        Words(&[
            "enum",
            "interface",
            "namespace",
            "type",
            "class",
            "function",
            "const",
            "let",
            "var",
            "if",
            "for",
            "while",
            "switch",
            "case",
            "default",
        ]),
    ),
    ("php", Words(&["function", "class", "if", "foreach", "while", "do", "switch", "case"])),
    ("proto", Words(&["message", "service", "enum", "option", "import", "syntax"])),
    ("python", Words(&["class", "def", "\tdef"])),
    (
        "r",
        Patterns(&[
            "\nfunction ",
            r"\nsetClass\(",
            r"\nsetMethod\(",
            r"\nsetGeneric\(",
            "\nif ",
            "\nelse ",
            "\nfor ",
            "\nwhile ",
            "\nrepeat ",
            r"\nlibrary\(",
            r"\nrequire\(",
            "\n\n",
            "\n",
            " ",
            "",
        ]),
    ),
    ("rst", Patterns(&["\n=+\n", "\n-+\n", r"\n\*+\n", "\n\n.. *\n\n", "\n\n", "\n", " ", ""])),
    ("ruby", Words(&["def", "class", "if", "unless", "while", "for", "do", "begin", "rescue"])),
    ("rust", Words(&["fn", "const", "let", "if", "while", "for", "loop", "match"])),
    ("scala", Words(&["class", "object", "def", "val", "var", "if", "for", "while", "match", "case"])),
    ("swift", Words(&["func", "class", "struct", "enum", "if", "for", "while", "do", "switch", "case"])),
    (
        "markdown",
        Patterns(&["\n#{1,6} ", "```\n", r"\n\*\*\*+\n", "\n---+\n", "\n___+\n", "\n\n", "\n", " ", ""]),
    ),
    (
        "latex",
        Patterns(&[
            r"\n\\chapter\{",
            r"\n\\section\{",
            r"\n\\subsection\{",
            r"\n\\subsubsection\{",
            r"\n\\begin\{enumerate\}",
            r"\n\\begin\{itemize\}",
            r"\n\\begin\{description\}",
            r"\n\\begin\{list\}",
            r"\n\\begin\{quote\}",
            r"\n\\begin\{quotation\}",
            r"\n\\begin\{verse\}",
            r"\n\\begin\{verbatim\}",
            r"\n\\begin\{align\}",
            // There the dollar is an anchor, not a sign: it parts a last new line from the text.
            r"\n\z",
            " ",
            "",
        ]),
    ),
    (
        "html",
        Patterns(&[
            "<body", "<div", "<p", "<br", "<li", "<h1", "<h2", "<h3", "<h4", "<h5", "<h6", "<span", "<table",
            "<tr", "<td", "<th", "<ul", "<ol", "<header", "<footer", "<nav", "<head", "<style", "<script",
            "<meta", "<title", "",
        ]),
    ),
    (
        "sol",
        Words(&[
            "pragma",
            "using",
            "contract",
            "interface",
            "library",
            "constructor",
            "type",
            "function",
            "event",
            "modifier",
            "error",
            "struct",
            "enum",
            "if",
            "for",
            "while",
            "do while",
            "assembly",
        ]),
    ),
    (
        "csharp",
        Words(&[
            "interface",
            "enum",
            "delegate",
            "event",
            "class",
            "abstract",
            "public",
            "protected",
            "private",
            "static",
            "return",
            "if",
            "continue",
            "for",
            "foreach",
            "while",
            "switch",
            "break",
            "case",
            "else",
            "try",
            "throw",
            "finally",
            "catch",
        ]),
    ),
    (
        "cobol",
        Patterns(&[
            "\nIDENTIFICATION DIVISION.",
            "\nENVIRONMENT DIVISION.",
            "\nDATA DIVISION.",
            "\nPROCEDURE DIVISION.",
            "\nWORKING-STORAGE SECTION.",
            "\nLINKAGE SECTION.",
            "\nFILE SECTION.",
            "\nINPUT-OUTPUT SECTION.",
            "\nOPEN ",
            "\nCLOSE ",
            "\nREAD ",
            "\nWRITE ",
            "\nIF ",
            "\nELSE ",
            "\nMOVE ",
            "\nPERFORM ",
            "\nUNTIL ",
            "\nVARYING ",
            "\nACCEPT ",
            "\nDISPLAY ",
            "\nSTOP RUN.",
            "\n",
            " ",
            "",
        ]),
    ),
    ("c", C),
    ("lua", Words(&["local", "function", "if", "for", "while", "repeat"])),
    (
        "haskell",
        Patterns(&[
            "\nmain :: ",
            "\nmain = ",
            "\nlet ",
            "\nin ",
            "\ndo ",
            "\nwhere ",
            "\n:: ",
            "\n= ",
            "\ndata ",
            "\nnewtype ",
            "\ntype ",
            "\nmodule ",
            "\nimport ",
            "\nqualified ",
            "\nimport qualified ",
            "\nclass ",
            "\ninstance ",
            "\ncase ",
            "\n| ",
            r"\n= \{",
            "\n, ",
            "\n\n",
            "\n",
            " ",
            "",
        ]),
    ),
    (
        "elixir",
        Words(&[
            "def",
            "defp",
            "defmodule",
            "defprotocol",
            "defmacro",
            "defmacrop",
            "if",
            "unless",
            "case",
            "cond",
            "with",
            "for",
            "do",
        ]),
    ),
    (
        "powershell",
        Words(&[
            "function", "param", "if", "foreach", "for", "while", "switch", "class", "try", "catch",
            "finally",
        ]),
    ),
    (
        "visualbasic6",
        Patterns(&[
            r"\n(?:Public|Private|Friend|Global|Static)\s+?Sub\s+",
            r"\n(?:Public|Private|Friend|Global|Static)\s+?Function\s+",
            r"\n(?:Public|Private|Friend|Global|Static)\s+?Property\s+(?:Get|Let|Set)\s+",
            r"\n(?:Public|Private|Friend|Global|Static)\s+?Type\s+",
            r"\n(?:Public|Private|Friend|Global|Static)\s+?Enum\s+",
            r"\nIf\s+",
            r"\nElseIf\s+",
            r"\nElse\s+",
            r"\nSelect\s+Case\s+",
            r"\nCase\s+",
            r"\nFor\s+",
            r"\nDo\s+",
            r"\nWhile\s+",
            r"\nWith\s+",
            "\n\n",
            "\n",
            " ",
            "",
        ]),
    ),
];

/// Names for the drop-down, in the order of the reference.
pub const NAMES: [&str; 28] = [
    "cpp",
    "go",
    "java",
    "kotlin",
    "js",
    "ts",
    "php",
    "proto",
    "python",
    "r",
    "rst",
    "ruby",
    "rust",
    "scala",
    "swift",
    "markdown",
    "latex",
    "html",
    "sol",
    "csharp",
    "cobol",
    "c",
    "lua",
    "perl",
    "haskell",
    "elixir",
    "powershell",
    "visualbasic6",
];

/// The separators of a language.
pub fn separators(language: &str) -> Option<Vec<Separator>> {
    let (_, cut) = LANGUAGES.iter().find(|(name, _)| *name == language)?;
    match cut {
        Words(words) => {
            let words = words.iter().map(|word| Separator::Text(format!("\n{word} ")));
            Some(words.chain(REST.map(Separator::from)).collect())
        }
        Patterns(patterns) => patterns.iter().map(|pattern| separator(pattern)).collect(),
    }
}

fn separator(pattern: &str) -> Option<Separator> {
    if pattern.is_empty() {
        return Some(Separator::from(""));
    }
    Regex::new(pattern).ok().map(Separator::Pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_of_the_list_but_one_has_separators() {
        let without: Vec<&str> = NAMES.into_iter().filter(|name| separators(name).is_none()).collect();
        assert_eq!(without, ["perl"]);
        assert_eq!(NAMES.len(), LANGUAGES.len() + 1);
    }
}

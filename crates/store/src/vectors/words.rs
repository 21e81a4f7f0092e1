//! A text as a query for words.

/// Words of one query.
const MOST_WORDS: usize = 64;

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MOST_WORDS)
}

/// Any of the words, for FTS5. Empty: there is none.
pub(super) fn for_sqlite(text: &str) -> String {
    words(text).map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ")
}

/// Any of the words, for `to_tsquery`.
pub(super) fn for_postgres(text: &str) -> String {
    words(text).map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_of_the_query_languages_do_not_come_through() {
        let text = "NEAR(\"rust\" -lang*) | 'x' & crème";
        assert_eq!(for_sqlite(text), "\"NEAR\" OR \"rust\" OR \"lang\" OR \"x\" OR \"crème\"");
        assert_eq!(for_postgres(text), "'NEAR' | 'rust' | 'lang' | 'x' | 'crème'");
        assert_eq!(for_sqlite("-- !"), "");
    }
}

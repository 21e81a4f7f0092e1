//! Text splitters with the boundaries of LangChain's character splitters.
//!
//! Lengths are counted in characters. A piece that is longer than the chunk size and has no separator in
//! it stays whole.

use crate::made::Made;
use langflow_core::Fault;
use regex::Regex;

/// What happens to the separator.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    #[default]
    Drop,
    /// At the start of the piece that follows.
    Start,
    /// At the end of the piece before.
    End,
}

/// How large chunks are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// Most characters of a chunk.
    pub chunk: usize,
    /// Characters that a chunk repeats of the one before.
    pub overlap: usize,
}

impl Sizes {
    /// Checks that the sizes make sense.
    pub fn new(chunk: i64, overlap: i64) -> Result<Self, String> {
        let size = usize::try_from(chunk).ok().filter(|n| *n > 0);
        let chunk_size = size.ok_or_else(|| format!("chunk_size must be > 0, got {chunk}"))?;
        let overlap_size =
            usize::try_from(overlap).map_err(|_| format!("chunk_overlap must be >= 0, got {overlap}"))?;
        if overlap_size > chunk_size {
            return Err(format!(
                "Got a larger chunk overlap ({overlap}) than chunk size ({chunk}), should be smaller."
            ));
        }
        Ok(Self { chunk: chunk_size, overlap: overlap_size })
    }
}

/// Where a text is cut.
#[derive(Clone, Debug)]
pub enum Separator {
    Text(String),
    /// Never matches nothing.
    Pattern(Regex),
}

impl From<&str> for Separator {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Separator {
    /// Cuts between all characters.
    fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if text.is_empty())
    }

    fn occurs_in(&self, text: &str) -> bool {
        match self {
            Self::Text(separator) => text.contains(separator.as_str()),
            Self::Pattern(pattern) => pattern.is_match(text),
        }
    }

    /// What stands between joined pieces.
    fn glue(&self, keep: Keep) -> &str {
        match self {
            Self::Text(separator) if keep == Keep::Drop => separator,
            _ => "",
        }
    }

    /// The pieces between separators; empty ones are left out.
    fn cut(&self, text: &str, keep: Keep) -> Vec<String> {
        let places: Vec<(usize, usize)> = match self {
            Self::Text(separator) if separator.is_empty() => return text.chars().map(String::from).collect(),
            Self::Text(separator) => {
                text.match_indices(separator.as_str()).map(|(at, found)| (at, at + found.len())).collect()
            }
            Self::Pattern(pattern) => {
                pattern.find_iter(text).map(|found| (found.start(), found.end())).collect()
            }
        };
        let mut pieces = Vec::with_capacity(places.len() + 1);
        let mut from = 0;
        for (start, end) in places {
            let (to, next) = match keep {
                Keep::Drop => (start, end),
                Keep::Start => (start, start),
                Keep::End => (end, end),
            };
            pieces.push(text.get(from..to).unwrap_or_default());
            from = next;
        }
        pieces.push(text.get(from..).unwrap_or_default());
        pieces.into_iter().filter(|piece| !piece.is_empty()).map(str::to_owned).collect()
    }
}

/// Splits on one separator and merges the pieces up to the chunk size.
///
/// # Errors
/// The chunks repeat too much of each other.
pub fn split_on(text: &str, separator: &Separator, keep: Keep, sizes: Sizes) -> Result<Vec<String>, Fault> {
    merge(&separator.cut(text, keep), separator.glue(keep), sizes)
}

/// Splits on the first separator that occurs; pieces that are too long are split on the ones after it.
///
/// # Errors
/// As [`split_on`].
pub fn split_recursively(
    text: &str,
    separators: &[Separator],
    keep: Keep,
    sizes: Sizes,
) -> Result<Vec<String>, Fault> {
    let first = separators.iter().position(|separator| separator.is_blank() || separator.occurs_in(text));
    let at = first.unwrap_or(separators.len().saturating_sub(1));
    let Some(separator) = separators.get(at) else { return Ok(vec![text.to_owned()]) };
    let is_last = separator.is_blank() || first.is_none();
    let finer = if is_last { &[] } else { separators.get(at + 1..).unwrap_or_default() };
    let glue = separator.glue(keep);
    let mut chunks = Vec::new();
    let mut small: Vec<String> = Vec::new();
    for piece in separator.cut(text, keep) {
        if length(&piece) < sizes.chunk {
            small.push(piece);
            continue;
        }
        if !small.is_empty() {
            chunks.extend(merge(&std::mem::take(&mut small), glue, sizes)?);
        }
        if finer.is_empty() {
            chunks.push(piece);
        } else {
            chunks.extend(split_recursively(&piece, finer, keep, sizes)?);
        }
    }
    if !small.is_empty() {
        chunks.extend(merge(&small, glue, sizes)?);
    }
    Ok(chunks)
}

/// Joins pieces up to the chunk size.
///
/// # Errors
/// As [`split_on`].
pub fn join_pieces(pieces: &[String], glue: &str, sizes: Sizes) -> Result<Vec<String>, Fault> {
    merge(pieces, glue, sizes)
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// Joins pieces greedily; each chunk begins with the tail of the one before.
fn merge(pieces: &[String], glue: &str, sizes: Sizes) -> Result<Vec<String>, Fault> {
    let glue_length = length(glue);
    let mut chunks = Vec::new();
    let mut current: std::collections::VecDeque<(&str, usize)> = std::collections::VecDeque::new();
    let (mut total, mut made) = (0, Made::default());
    let mut add = |chunk: Option<String>| {
        let Some(chunk) = chunk else { return Ok(()) };
        made.add(size_of::<String>() + chunk.len()).map_err(|fault| fault.at_field("chunk_overlap"))?;
        chunks.push(chunk);
        Ok::<_, Fault>(())
    };
    for piece in pieces {
        let size = length(piece);
        let next_glue = |n: usize| if n > 0 { glue_length } else { 0 };
        if total + size + next_glue(current.len()) > sizes.chunk && !current.is_empty() {
            add(join(&current, glue))?;
            while total > sizes.overlap
                || (total + size + next_glue(current.len()) > sizes.chunk && total > 0)
            {
                let Some((_, first)) = current.pop_front() else { break };
                total -= first + next_glue(current.len());
            }
        }
        current.push_back((piece, size));
        total += size + next_glue(current.len() - 1);
    }
    add(join(&current, glue))?;
    Ok(chunks)
}

/// The chunk without white space around it; nothing if nothing is left.
fn join(pieces: &std::collections::VecDeque<(&str, usize)>, glue: &str) -> Option<String> {
    let texts: Vec<&str> = pieces.iter().map(|(text, _)| *text).collect();
    let joined = texts.join(glue);
    let trimmed = joined.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c));
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn splits_recursively_where_it_must() {
        let sizes = Sizes::new(10, 0).unwrap();
        let chunks = split_recursively(
            "aaaa bbbb\n\ncccc dddd eeee",
            &["\n\n".into(), " ".into(), "".into()],
            Keep::Start,
            sizes,
        )
        .unwrap();
        assert_eq!(chunks, ["aaaa bbbb", "cccc", "dddd eeee"]);
    }

    #[test]
    fn chunks_that_repeat_the_text_without_end_are_refused() {
        let text = "a ".repeat(1 << 17);
        for (chunk, overlap, fits) in [(1000, 0, true), (1000, 900, true), (100_000, 99_999, false)] {
            let sizes = Sizes::new(chunk, overlap).unwrap();
            assert_eq!(split_on(&text, &" ".into(), Keep::Drop, sizes).is_ok(), fits, "{chunk} {overlap}");
            let all = split_recursively(&text, &[" ".into(), "".into()], Keep::Start, sizes);
            assert_eq!(all.is_ok(), fits, "{chunk} {overlap}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_separators_and_blanks_is_lost(text in "[a-c \n]{0,60}", chunk in 1_i64..20) {
            let sizes = Sizes::new(chunk, 0).unwrap();
            let joined: String = split_on(&text, &"\n".into(), Keep::Drop, sizes).unwrap().concat();
            let strip = |t: &str| t.replace([' ', '\n'], "");
            prop_assert_eq!(strip(&joined), strip(&text));
        }
    }
}

//! Text splitters with the boundaries of LangChain's character splitters.
//!
//! Lengths are counted in characters. A piece that is longer than the chunk size and has no separator in
//! it stays whole.

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

/// Splits on one separator and merges the pieces up to the chunk size.
pub fn split_on(text: &str, separator: &str, keep: Keep, sizes: Sizes) -> Vec<String> {
    let pieces = cut(text, separator, keep);
    merge(&pieces, if keep == Keep::Drop { separator } else { "" }, sizes)
}

/// Splits on the first separator that occurs; pieces that are too long are split on the ones after it.
pub fn split_recursively(text: &str, separators: &[&str], keep: Keep, sizes: Sizes) -> Vec<String> {
    let at = separators
        .iter()
        .position(|separator| separator.is_empty() || text.contains(separator))
        .unwrap_or(separators.len().saturating_sub(1));
    let separator = separators.get(at).copied().unwrap_or_default();
    let is_last = separator.is_empty() || !text.contains(separator);
    let finer = if is_last { &[] } else { separators.get(at + 1..).unwrap_or_default() };
    let glue = if keep == Keep::Drop { separator } else { "" };
    let mut chunks = Vec::new();
    let mut small: Vec<String> = Vec::new();
    for piece in cut(text, separator, keep) {
        if length(&piece) < sizes.chunk {
            small.push(piece);
            continue;
        }
        if !small.is_empty() {
            chunks.extend(merge(&std::mem::take(&mut small), glue, sizes));
        }
        if finer.is_empty() {
            chunks.push(piece);
        } else {
            chunks.extend(split_recursively(&piece, finer, keep, sizes));
        }
    }
    if !small.is_empty() {
        chunks.extend(merge(&small, glue, sizes));
    }
    chunks
}

fn length(text: &str) -> usize {
    text.chars().count()
}

/// The pieces between separators; empty ones are left out.
fn cut(text: &str, separator: &str, keep: Keep) -> Vec<String> {
    if separator.is_empty() {
        return text.chars().map(String::from).collect();
    }
    let parts: Vec<&str> = text.split(separator).collect();
    let last = parts.len().saturating_sub(1);
    let pieces = parts.into_iter().enumerate().map(|(i, part)| match keep {
        Keep::Start if i > 0 => format!("{separator}{part}"),
        Keep::End if i < last => format!("{part}{separator}"),
        _ => part.to_owned(),
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// Joins pieces greedily; each chunk begins with the tail of the one before.
fn merge(pieces: &[String], glue: &str, sizes: Sizes) -> Vec<String> {
    let glue_length = length(glue);
    let mut chunks = Vec::new();
    let mut current: std::collections::VecDeque<(&str, usize)> = std::collections::VecDeque::new();
    let mut total = 0;
    for piece in pieces {
        let size = length(piece);
        let next_glue = |n: usize| if n > 0 { glue_length } else { 0 };
        if total + size + next_glue(current.len()) > sizes.chunk && !current.is_empty() {
            chunks.extend(join(&current, glue));
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
    chunks.extend(join(&current, glue));
    chunks
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
        let chunks = split_recursively("aaaa bbbb\n\ncccc dddd eeee", &["\n\n", " ", ""], Keep::Start, sizes);
        assert_eq!(chunks, ["aaaa bbbb", "cccc", "dddd eeee"]);
    }

    proptest! {
        #[test]
        fn nothing_but_separators_and_blanks_is_lost(text in "[a-c \n]{0,60}", chunk in 1_i64..20) {
            let sizes = Sizes::new(chunk, 0).unwrap();
            let joined: String = split_on(&text, "\n", Keep::Drop, sizes).concat();
            let strip = |t: &str| t.replace([' ', '\n'], "");
            prop_assert_eq!(strip(&joined), strip(&text));
        }
    }
}

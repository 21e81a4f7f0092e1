//! Semantic Text Splitter.

use super::documents::{MAX_CHUNKS, data, document};
use langflow_core::capability::Embedder;
use langflow_core::component::Handle;
use langflow_core::prelude::*;
use regex::Regex;

/// Most sentences of one text: each is embedded.
const MAX_SENTENCES: usize = 10_000;
/// Most neighbours on each side that are embedded with a sentence.
const MAX_BUFFER: usize = 20;

choice! {
    /// From what a distance counts as a break.
    pub enum Threshold { Percentile = "percentile", Deviation = "standard_deviation", Interquartile = "interquartile" }
}

/// Cuts texts where neighbouring sentences differ most in meaning.
///
/// Sentences are embedded, and the text is cut where the distance of two neighbours is larger than a threshold. With
/// a number of chunks the threshold follows from it; with 0 from the type and amount.
#[derive(Component)]
#[component(
    id = "SemanticTextSplitter",
    class = "SemanticTextSplitterComponent",
    title = "Semantic Text Splitter",
    icon = "LangChain",
    category = "langchain_utilities",
    module = "lfx.components.langchain_utilities.language_semantic.SemanticTextSplitterComponent",
    documentation = "https://python.langchain.com/docs/how_to/semantic-chunker/",
    beta,
    examples = EXAMPLES
)]
pub struct SemanticTextSplitterComponent {
    /// The data with the texts to cut.
    #[input(title = "Data Inputs", kind = Handle, handles = ["Data", "JSON"], required)]
    data_inputs: Vec<Data>,
    /// The model that tells the meaning of sentences.
    #[input(title = "Embeddings", required)]
    embeddings: Handle<dyn Embedder>,
    /// From what a distance counts as a break.
    #[input(title = "Breakpoint Threshold Type", default = Threshold::Percentile)]
    breakpoint_threshold_type: Threshold,
    /// How much: a percentile, or a factor of the spread.
    #[input(title = "Breakpoint Threshold Amount", default = 0.5)]
    breakpoint_threshold_amount: f64,
    /// About how many chunks to make; 0 leaves it to the threshold.
    #[input(title = "Number of Chunks", default = 5)]
    number_of_chunks: i64,
    /// A regular expression for what stands between sentences; without one, blanks behind `.`, `?` and `!`.
    #[input(title = "Sentence Split Regex", advanced)]
    sentence_split_regex: String,
    /// How many neighbours on each side are embedded with a sentence.
    #[input(title = "Buffer Size", default = 0, advanced)]
    buffer_size: usize,
}

#[outputs]
impl SemanticTextSplitterComponent {
    /// One data for each chunk, with the other keys of the data it comes from.
    #[output(name = "chunks", title = "Chunks", method = "split_text")]
    async fn chunks(&self, _cx: &Cx) -> Result<Vec<Data>, Fault> {
        if self.data_inputs.is_empty() {
            return Err(Fault::missing("Data inputs cannot be empty.").at_field("data_inputs"));
        }
        let pattern = match self.sentence_split_regex.as_str() {
            "" => None,
            pattern => Some(Regex::new(pattern).map_err(|why| {
                Fault::invalid(format!("not a regular expression: {why}")).at_field("sentence_split_regex")
            })?),
        };
        let mut all = Vec::new();
        for (text, rest) in self.data_inputs.iter().map(document) {
            let sentences = sentences(&text, pattern.as_ref());
            if sentences.len() > MAX_SENTENCES {
                return Err(Fault::invalid(format!("a text has more than {MAX_SENTENCES} sentences"))
                    .at_field("data_inputs"));
            }
            all.extend(self.cut(&sentences).await?.into_iter().map(|chunk| data(chunk, rest.clone())));
        }
        all.truncate(MAX_CHUNKS);
        Ok(all)
    }
}

impl SemanticTextSplitterComponent {
    async fn cut(&self, sentences: &[String]) -> Result<Vec<String>, Fault> {
        if sentences.len() < 2 {
            return Ok(sentences.to_vec());
        }
        let vectors =
            self.embeddings.embed(with_neighbours(sentences, self.buffer_size.min(MAX_BUFFER))).await?;
        let distances: Vec<f64> =
            vectors.iter().zip(vectors.iter().skip(1)).map(|(a, b)| 1.0 - cosine(a, b)).collect();
        let threshold = self.threshold(&distances);
        let mut chunks = vec![Vec::new()];
        for (index, sentence) in sentences.iter().enumerate() {
            if let Some(chunk) = chunks.last_mut() {
                chunk.push(sentence.as_str());
            }
            if distances.get(index).is_some_and(|distance| *distance > threshold) {
                chunks.push(Vec::new());
            }
        }
        Ok(chunks.into_iter().filter(|chunk| !chunk.is_empty()).map(|chunk| chunk.join(" ")).collect())
    }

    fn threshold(&self, distances: &[f64]) -> f64 {
        if self.number_of_chunks > 0 {
            return percentile(distances, share(self.number_of_chunks, distances.len()));
        }
        let amount = self.breakpoint_threshold_amount;
        match self.breakpoint_threshold_type {
            Threshold::Percentile => percentile(distances, amount),
            Threshold::Deviation => {
                let mean = mean(distances);
                let squares: Vec<f64> = distances.iter().map(|d| (d - mean).powi(2)).collect();
                amount.mul_add(self::mean(&squares).sqrt(), mean)
            }
            Threshold::Interquartile => {
                let spread = percentile(distances, 75.0) - percentile(distances, 25.0);
                amount.mul_add(spread, mean(distances))
            }
        }
    }
}

fn sentences(text: &str, pattern: Option<&Regex>) -> Vec<String> {
    if let Some(pattern) = pattern {
        return pattern.split(text).map(str::to_owned).collect();
    }
    let mut all = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if let Some(last) = all.last_mut() {
            last.push(c);
        }
        if matches!(c, '.' | '?' | '!') && chars.peek().is_some_and(|c| c.is_whitespace()) {
            while chars.next_if(|c| c.is_whitespace()).is_some() {}
            all.push(String::new());
        }
    }
    all
}

/// Each sentence with the ones around it.
fn with_neighbours(sentences: &[String], buffer: usize) -> Vec<String> {
    let around = |at: usize| {
        let end = sentences.len().min(at + buffer + 1);
        sentences.get(at.saturating_sub(buffer)..end).unwrap_or_default().join(" ")
    };
    (0..sentences.len()).map(around).collect()
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    let length = (dot(a, a) * dot(b, b)).sqrt();
    if length == 0.0 { 0.0 } else { dot(a, b) / length }
}

#[expect(clippy::cast_precision_loss, reason = "there are at most ten thousand")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// The percentile that gives about this many chunks: all breaks for one chunk less than there are distances.
#[expect(clippy::cast_precision_loss, reason = "there are at most ten thousand")]
fn share(chunks: i64, distances: usize) -> f64 {
    let most = distances as f64;
    let wanted = (chunks as f64).min(most).max(1.0);
    if most <= 1.0 { 100.0 } else { (100.0 / (1.0 - most) * (wanted - most)).clamp(0.0, 100.0) }
}

/// With linear interpolation between neighbours.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an index"
)]
fn percentile(values: &[f64], percent: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = percent.clamp(0.0, 100.0) / 100.0 * sorted.len().saturating_sub(1) as f64;
    let at = |index: f64| sorted.get(index as usize).copied().unwrap_or_default();
    (at(place.ceil()) - at(place.floor())).mul_add(place.fract(), at(place.floor()))
}

examples! {
    "Nothing to embed with": {"data_inputs": {"$data": {"text": "a"}}} => fails "Embeddings";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_end_behind_their_marks() {
        assert_eq!(sentences("A b. C!  D? e.f", None), ["A b.", "C!", "D?", "e.f"]);
        assert_eq!(sentences("a|b", Some(&Regex::new(r"\|").unwrap())), ["a", "b"]);
        assert_eq!(with_neighbours(&["a".into(), "b".into(), "c".into()], 1), ["a b", "a b c", "b c"]);
    }

    #[test]
    fn percentiles_lie_between_values() {
        assert!((percentile(&[4.0, 1.0, 3.0, 2.0], 50.0) - 2.5).abs() < 1e-12);
        assert!((percentile(&[1.0], 95.0) - 1.0).abs() < 1e-12);
        assert!((share(1, 5) - 100.0).abs() < 1e-12 && share(9, 5).abs() < 1e-12);
    }
}

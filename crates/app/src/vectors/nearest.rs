//! The nearest vectors of a collection.

use langflow_core::{Fault, Json, JsonMap};
use langflow_store::vectors::{ScanRow, from_bytes};
use std::cmp::Ordering;
use std::collections::BinaryHeap;

/// A candidate. Ordered so that the worst stands on top of the heap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub score: f32,
    pub seq: i64,
}

impl Eq for Near {}

impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.seq.cmp(&other.seq))
    }
}

impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The best so far, at most `limit`.
#[derive(Clone, Debug, Default)]
pub struct Best {
    heap: BinaryHeap<Near>,
    limit: usize,
}

impl Best {
    pub fn new(limit: usize) -> Self {
        Self { heap: BinaryHeap::new(), limit }
    }

    fn add(&mut self, near: Near) {
        if self.heap.len() < self.limit {
            self.heap.push(near);
        } else if self.heap.peek().is_some_and(|worst| near < *worst) {
            self.heap.pop();
            self.heap.push(near);
        }
    }

    /// Best first.
    pub fn into_sorted(self) -> Vec<Near> {
        self.heap.into_sorted_vec()
    }
}

/// Compares a page. `query` has length 1; so have stored vectors.
pub fn compare(
    mut best: Best,
    query: &[f32],
    filter: Option<&JsonMap>,
    rows: &[ScanRow],
) -> Result<Best, Fault> {
    for row in rows {
        if let Some(filter) = filter
            && !passes(filter, &row.metadata.to_value())
        {
            continue;
        }
        let vector = from_bytes(&row.embedding);
        if vector.len() != query.len() {
            return Err(Fault::invalid(format!(
                "the query has {} dimensions, the stored vectors have {}: use the embedding model that the texts \
                 were stored with",
                query.len(),
                vector.len()
            )));
        }
        let score: f32 = vector.iter().zip(query).map(|(a, b)| a * b).sum();
        best.add(Near { score, seq: row.seq });
    }
    Ok(best)
}

/// Every key of the filter stands in the metadata with that value, or in a list there.
pub fn passes(filter: &JsonMap, metadata: &Json) -> bool {
    filter.iter().all(|(key, wanted)| match metadata.get(key) {
        Some(Json::Array(values)) if !wanted.is_array() => values.iter().any(|value| alike(value, wanted)),
        Some(value) => alike(value, wanted),
        None => false,
    })
}

/// Equal, or the same when written as text: metadata of tables holds texts.
fn alike(value: &Json, wanted: &Json) -> bool {
    let text = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    value == wanted || (!value.is_object() && !value.is_array() && text(value) == text(wanted))
}

/// The vector scaled to length 1.
pub fn unit(vector: &[f32]) -> Vec<f32> {
    from_bytes(&langflow_store::vectors::to_bytes(vector))
}

/// Joins two rankings: a place counts less the further down it is.
pub fn fuse(first: &[i64], second: &[i64]) -> Vec<i64> {
    const FLAT: f64 = 60.0;
    let mut scores: Vec<(i64, f64)> = Vec::new();
    for ranking in [first, second] {
        for (rank, seq) in ranking.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "ranks are small")]
            let score = 1.0 / (FLAT + rank as f64 + 1.0);
            match scores.iter_mut().find(|(known, _)| known == seq) {
                Some((_, sum)) => *sum += score,
                None => scores.push((*seq, score)),
            }
        }
    }
    scores.sort_by(|a, b| b.1.total_cmp(&a.1));
    scores.into_iter().map(|(seq, _)| seq).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use langflow_store::RawJson;
    use langflow_store::vectors::to_bytes;
    use serde_json::json;

    fn row(seq: i64, vector: &[f32], metadata: &Json) -> ScanRow {
        ScanRow { seq, metadata: RawJson::from(metadata), embedding: to_bytes(vector) }
    }

    #[test]
    fn the_nearest_come_first_and_the_rest_is_dropped() {
        let rows: Vec<ScanRow> = (0..100_i64)
            .map(|seq| row(seq, &[1.0, seq as f32 / 10.0], &json!({"even": seq % 2 == 0})))
            .collect();
        let nearest = |filter: Option<&JsonMap>| -> Vec<i64> {
            let best = compare(Best::new(3), &unit(&[2.0, 0.0]), filter, &rows).unwrap();
            best.into_sorted().into_iter().map(|near| near.seq).collect()
        };
        assert_eq!(nearest(None), [0, 1, 2]);
        let filter = json!({"even": false});
        assert_eq!(nearest(filter.as_object()), [1, 3, 5]);
        assert!(compare(Best::new(3), &[1.0], None, &rows).is_err(), "another model's vectors");
    }

    #[test]
    fn filters_read_lists_and_texts() {
        for (filter, metadata, expect) in [
            (json!({"tag": "a"}), json!({"tag": ["a", "b"]}), true),
            (json!({"n": 1}), json!({"n": "1"}), true),
            (json!({"n": 1, "m": 2}), json!({"n": 1}), false),
            (json!({}), json!(null), true),
        ] {
            assert_eq!(passes(filter.as_object().unwrap(), &metadata), expect, "{filter} {metadata}");
        }
    }

    #[test]
    fn what_both_rankings_know_wins() {
        assert_eq!(fuse(&[1, 2, 3], &[3, 4]), [3, 1, 2, 4]);
    }
}

//! Vectors as bytes.

/// The vector scaled to length 1, as little-endian 32-bit floats. A vector of length 0 stays as it is.
pub fn to_bytes(vector: &[f32]) -> Vec<u8> {
    let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    #[expect(clippy::cast_possible_truncation, reason = "vectors are 32-bit")]
    let scale = if length > 0.0 && length.is_finite() { (1.0 / length) as f32 } else { 1.0 };
    vector.iter().flat_map(|x| (x * scale).to_le_bytes()).collect()
}

/// The vector in these bytes.
pub fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let (numbers, _) = bytes.as_chunks::<4>();
    numbers.iter().map(|number| f32::from_le_bytes(*number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_come_back_scaled() {
        assert_eq!(from_bytes(&to_bytes(&[3.0, 4.0])), [0.6, 0.8]);
        assert_eq!(from_bytes(&to_bytes(&[0.0, 0.0])), [0.0, 0.0]);
        assert_eq!(from_bytes(&[1, 2, 3]), Vec::<f32>::new(), "a torn value holds no number");
    }
}

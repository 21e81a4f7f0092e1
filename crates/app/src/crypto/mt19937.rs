//! The generator behind Langflow's old derivation of an encryption key from a short secret.
//!
//! Releases before 1.10.1 seeded a Mersenne Twister with the secret text and took 32 of its outputs as the
//! key. That is no way to make a key; it is here only so that values written by such a release can still
//! be read. Nothing is ever encrypted with it.

use sha2::{Digest as _, Sha512};

const N: usize = 624;
const M: usize = 397;

/// A 32-bit Mersenne Twister.
struct Mt19937 {
    state: [u32; N],
    index: usize,
}

impl Mt19937 {
    fn from_seed(seed: u32) -> Self {
        let mut state = [0u32; N];
        let mut last = seed;
        for (i, word) in state.iter_mut().enumerate() {
            if i > 0 {
                last = 1_812_433_253u32.wrapping_mul(last ^ (last >> 30)).wrapping_add(i as u32);
            }
            *word = last;
        }
        Self { state, index: N }
    }

    /// The standard initialisation from a list of words.
    fn from_words(words: &[u32]) -> Self {
        let mut mt = Self::from_seed(19_650_218);
        let (mut i, mut j) = (1usize, 0usize);
        for _ in 0..N.max(words.len()) {
            let mixed = (mt.get(i) ^ (mt.spread(i).wrapping_mul(1_664_525)))
                .wrapping_add(words.get(j).copied().unwrap_or_default())
                .wrapping_add(j as u32);
            i = mt.put(i, mixed);
            j = if j + 1 >= words.len() { 0 } else { j + 1 };
        }
        for _ in 0..N - 1 {
            let mixed = (mt.get(i) ^ (mt.spread(i).wrapping_mul(1_566_083_941))).wrapping_sub(i as u32);
            i = mt.put(i, mixed);
        }
        if let Some(first) = mt.state.first_mut() {
            *first = 0x8000_0000;
        }
        mt
    }

    fn get(&self, i: usize) -> u32 {
        self.state.get(i % N).copied().unwrap_or_default()
    }

    fn spread(&self, i: usize) -> u32 {
        let before = self.get(i + N - 1);
        before ^ (before >> 30)
    }

    /// Stores a word while initialising and gives the next place; the first place is skipped.
    fn put(&mut self, i: usize, word: u32) -> usize {
        if let Some(slot) = self.state.get_mut(i % N) {
            *slot = word;
        }
        if i + 1 < N {
            return i + 1;
        }
        let last = self.get(N - 1);
        if let Some(first) = self.state.first_mut() {
            *first = last;
        }
        1
    }

    fn refill(&mut self) {
        for i in 0..N {
            let y = (self.get(i) & 0x8000_0000) | (self.get(i + 1) & 0x7fff_ffff);
            let twist = if y & 1 == 0 { 0 } else { 0x9908_b0df };
            let next = self.get(i + M) ^ (y >> 1) ^ twist;
            if let Some(slot) = self.state.get_mut(i) {
                *slot = next;
            }
        }
        self.index = 0;
    }

    fn next_u32(&mut self) -> u32 {
        if self.index >= N {
            self.refill();
        }
        let mut y = self.get(self.index);
        self.index += 1;
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c_5680;
        y ^= (y << 15) & 0xefc6_0000;
        y ^ (y >> 18)
    }
}

/// 32 key bytes from a short secret, as releases before 1.10.1 made them.
pub fn key_from_short_secret(secret: &str) -> [u8; 32] {
    let mut seed = secret.as_bytes().to_vec();
    seed.extend_from_slice(&Sha512::digest(secret.as_bytes()));
    let mut words: Vec<u32> = seed
        .rchunks(4)
        .map(|chunk| chunk.iter().fold(0u32, |word, byte| (word << 8) | u32::from(*byte)))
        .collect();
    while words.len() > 1 && words.last() == Some(&0) {
        words.pop();
    }
    let mut mt = Mt19937::from_words(&words);
    std::array::from_fn(|_| (mt.next_u32() >> 24) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_keys_of_old_releases() {
        for (secret, expected) in [
            ("mysecret", "aeddaea6d33b65feb7d79325b286a9481fd02dcd609f1ee7cf1423e0c5247808"),
            ("short", "0a4038ab65c313d2047fe8e50e72e7274fe23ae0acb2ae2cc34f7af467fffa69"),
            ("langflow", "47e281696c886d17075ff363c8e214096d098d916f555267b6274415e925f150"),
            ("éééééééééé", "58038d74aabe8dc8a3460db7c6a3bc9d1ac290745e8260ff6740c15a55707e31"),
        ] {
            let key = key_from_short_secret(secret);
            let expected: Vec<u8> =
                (0..32).map(|i| u8::from_str_radix(&expected[2 * i..2 * i + 2], 16).unwrap()).collect();
            assert_eq!(key.as_slice(), expected, "{secret}");
        }
    }
}

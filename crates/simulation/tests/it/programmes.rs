//! The random programmes of the other tests are ones that an author could publish.

use lojal_core::programme::check_toml;
use lojal_simulation::history::{Shape, random_programme};

#[test]
fn random_programmes_can_be_published() {
    for shape in [Shape::Anything, Shape::OrderFree] {
        for seed in 0..300 {
            let text = random_programme(seed, shape);
            if let Err(findings) = check_toml(&text) {
                panic!("seed {seed} {shape:?}: {findings:#?}\n{text}");
            }
        }
    }
}

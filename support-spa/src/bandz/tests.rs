use std::collections::BTreeSet;

use super::*;

const STYLE: &str = include_str!("../../style/bandz.css");

fn parts(scene: Scene) -> impl Iterator<Item = &'static Part> {
    scene.layers().iter().flat_map(|layer| layer.iter())
}

/// A scene as it stands in the page. Shapes are digits and a few letters, which compress to less than half; so what is below 4 KiB as
/// it is, is below 2 KiB on the wire.
#[test]
fn every_scene_is_light() {
    for scene in Scene::ALL {
        let bytes: usize =
            parts(scene).map(|(class, shape)| r#"<path class="" d=""/>"#.len() + class.len() + shape.len()).sum();
        assert!(bytes < 4096, "{scene:?} has {bytes} bytes");
    }
}

#[test]
fn every_scene_is_a_picture_of_its_own_with_words_of_its_own() {
    let drawn: BTreeSet<String> = Scene::ALL.iter().map(|scene| parts(*scene).map(|part| part.1).collect()).collect();
    assert_eq!(drawn.len(), Scene::ALL.len());
    let words: BTreeSet<String> = Scene::ALL.iter().map(|scene| scene.description().text()).collect();
    assert_eq!(words.len(), Scene::ALL.len());
}

#[test]
fn every_part_has_a_colour() {
    for (class, _) in Scene::ALL.into_iter().flat_map(parts) {
        let known = STYLE.split(|letter: char| !(letter.is_alphanumeric() || letter == '-')).any(|word| word == *class);
        assert!(known, ".{class}");
    }
}

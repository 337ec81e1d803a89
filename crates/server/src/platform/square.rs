//! Text as a square that cameras read, as a drawing and as a picture.

use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder, Shape};
use fast_qr::{ECL, QRBuilder, QRCode};

/// Cameras need so much white around it, in modules.
const QUIET: usize = 4;
/// How wide a picture is at least, in pixels: enough for a leaflet.
const LEAST_PIXELS: usize = 1_000;

/// `None` for what is too long to be one.
pub fn square(text: &str) -> Option<QRCode> {
    QRBuilder::new(text).ecl(ECL::M).build().ok()
}

/// As a drawing, which may be of any size.
pub fn square_svg(text: &str) -> Option<String> {
    Some(SvgBuilder::default().shape(Shape::Square).to_str(&square(text)?))
}

/// As a picture in black and white.
pub fn square_png(text: &str) -> Option<Vec<u8>> {
    let square = square(text)?;
    let modules = square.size + 2 * QUIET;
    let scale = LEAST_PIXELS.div_ceil(modules);
    let side = modules * scale;
    let mut pixels = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            pixels.push(if is_dark(&square, x / scale, y / scale) { 0 } else { u8::MAX });
        }
    }
    let mut content = Vec::new();
    let pixel_side = u32::try_from(side).ok()?;
    let mut encoder = png::Encoder::new(&mut content, pixel_side, pixel_side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(content)
}

fn is_dark(square: &QRCode, x: usize, y: usize) -> bool {
    let inside = |at: usize| at.checked_sub(QUIET).filter(|at| *at < square.size);
    inside(x).zip(inside(y)).is_some_and(|(x, y)| square[y][x].value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_modules_of_the_square_and_white_around_them() {
        let link = "https://club.example/r/ada-szyje";
        let picture = square_png(link).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(picture)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        let square = square(link).unwrap();
        let side = info.width as usize;
        let scale = side / (square.size + 2 * QUIET);
        assert!(side >= LEAST_PIXELS && info.width == info.height && scale * (square.size + 2 * QUIET) == side);
        for (x, y) in [(0, 0), (QUIET, QUIET), (QUIET + 7, QUIET), (QUIET + square.size, QUIET), (QUIET + 9, QUIET + 9)]
        {
            let pixel = pixels[(y * scale + scale / 2) * side + x * scale + scale / 2];
            assert_eq!(pixel == 0, is_dark(&square, x, y), "{x} {y}");
        }
        assert!(is_dark(&square, QUIET, QUIET) && !is_dark(&square, 0, 0));
    }
}

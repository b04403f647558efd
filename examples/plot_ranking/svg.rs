//! What both pictures share: colours for light and dark, and text that is written only once.

/// The head of a picture: what it shows in words, and how each kind of thing looks. Blue and orange of Okabe and Ito's
/// palette are told apart by every kind of colour vision, and by their dashes without any.
pub(crate) fn head(width: u32, height: u32, title: &str, description: &str) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title desc">
<title id="title">{title}</title>
<desc id="desc">{description}</desc>
<style>
svg {{ --paper: #fff; --ink: #222; --soft: #666; --grid: #ddd; --ours: #0072b2; --u4: #c25400; }}
@media (prefers-color-scheme: dark) {{
svg {{ --paper: #16191d; --ink: #eee; --soft: #aaa; --grid: #3a3f45; --ours: #56b4e9; --u4: #e69f00; }}
}}
text {{ font: 13px system-ui, sans-serif; fill: var(--ink); }}
.big {{ font-size: 16px; font-weight: 600; }}
.soft {{ fill: var(--soft); font-size: 12px; }}
.end {{ text-anchor: end; }}
.mid {{ text-anchor: middle; }}
.grid {{ stroke: var(--grid); fill: none; }}
.ours {{ stroke: var(--ours); stroke-width: 2.5; fill: none; }}
.u4 {{ stroke: var(--u4); stroke-width: 2; stroke-dasharray: 7 4; fill: none; }}
.chance {{ stroke: var(--soft); stroke-dasharray: 1.5 4; stroke-width: 1.5; fill: none; }}
.ours-band {{ fill: var(--ours); opacity: .16; }}
.u4-band {{ fill: var(--u4); opacity: .16; }}
.ours-dot {{ fill: var(--ours); }}
.u4-dot {{ fill: var(--paper); stroke: var(--u4); stroke-width: 2; }}
.mark {{ fill: var(--paper); stroke: var(--ink); stroke-width: 1.5; }}
</style>
<rect width="100%" height="100%" fill="var(--paper)"/>
"#,
        title = escaped(title),
        description = escaped(description)
    )
}

/// Returns text as it may stand in a picture.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Returns a text at a place.
pub(crate) fn text(x: f64, y: f64, class: &str, text: &str) -> String {
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{}</text>\n", escaped(text))
}

/// Returns a line.
pub(crate) fn line(from: (f64, f64), to: (f64, f64), class: &str) -> String {
    let ((x1, y1), (x2, y2)) = (from, to);
    format!("<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" class=\"{class}\"/>\n")
}

/// Returns a small square on its corner, which marks what was recorded.
pub(crate) fn diamond((x, y): (f64, f64), title: &str) -> String {
    let title = escaped(title);
    format!("<path d=\"M{x:.1} {:.1}l6 6l-6 6l-6-6z\" class=\"mark\"><title>{title}</title></path>\n", y - 6.0)
}

/// Returns points as the words of a path.
pub(crate) fn points(points: &[(f64, f64)]) -> String {
    points.iter().map(|(x, y)| format!("{x:.0},{y:.1}")).collect::<Vec<_>>().join(" ")
}

/// Returns the name of a set as people read it: "Cohen ADHD".
pub(crate) fn spoken(name: &str) -> String {
    let word = |w: &str| {
        let mut chars = w.chars();
        let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
        if w.len() <= 4 { w.to_uppercase() } else { first + chars.as_str() }
    };
    name.split('_').map(word).collect::<Vec<_>>().join(" ")
}

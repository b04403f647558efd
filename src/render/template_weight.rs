//! What a template makes is weighed while it is made: the engine counts steps, and not bytes.

use minijinja::value::{Rest, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, State};

/// Most that one value may hold which a template puts together, in bytes.
const VALUE_BYTES_MAX: usize = 1 << 20;
/// Most that one template may write and put together while it is rendered, in bytes. An issue of 60 items takes under 1 MB.
const WORK_BYTES_MAX: usize = 64 << 20;
/// Most that a template may write, in bytes.
pub(super) const OUTPUT_BYTES_MAX: usize = 4 << 20;
/// Deepest list of lists that a template may put together.
const DEPTH_MAX: usize = 20;
/// What a value in a list takes, in bytes.
const SLOT_BYTES: usize = 24;

/// What one rendering has made so far, in bytes.
struct Work(usize);

/// Says that a template makes too much.
fn too_much(what: &str, bytes_max: usize) -> Error {
    let message = format!("{what} more than {} MB", bytes_max >> 20);
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Adds to what a rendering has made.
///
/// # Errors
/// When it is too much.
pub(super) fn add(state: &mut State<'_, '_>, bytes: usize) -> Result<(), Error> {
    let work = state.get_or_insert_extension_with(|| Work(0));
    work.0 = work.0.saturating_add(bytes);
    if work.0 > WORK_BYTES_MAX { Err(too_much("the template makes", WORK_BYTES_MAX)) } else { Ok(()) }
}

/// Returns how much a value holds, in bytes.
///
/// # Errors
/// When it is more than a value may hold, or too deep.
fn weight(value: &Value, depth: usize, so_far: usize) -> Result<usize, Error> {
    if depth > DEPTH_MAX {
        return Err(Error::new(ErrorKind::InvalidOperation, "the template puts lists into lists too deep"));
    }
    let own = value.as_str().map_or(SLOT_BYTES, str::len);
    let mut total = so_far.saturating_add(own);
    if matches!(value.kind(), ValueKind::Seq | ValueKind::Map | ValueKind::Iterable) {
        for inner in value.try_iter()? {
            total = weight(&inner, depth + 1, total)?;
            if value.kind() == ValueKind::Map {
                total = weight(&value.get_item(&inner)?, depth + 1, total)?;
            }
        }
    }
    if total > VALUE_BYTES_MAX { Err(too_much("the template puts together", VALUE_BYTES_MAX)) } else { Ok(total) }
}

/// Returns the bytes of a text that a value is, else of all that it holds.
fn bytes_of(value: Option<&Value>) -> Result<usize, Error> {
    match value.map(|v| (v, v.as_str())) {
        Some((_, Some(text))) => Ok(text.len()),
        Some((value, None)) => weight(value, 0, 0),
        None => Ok(0),
    }
}

/// Returns a number that an argument is, else another one.
fn number(args: &[Value], at: usize, or: usize) -> usize {
    args.get(at).and_then(Value::as_usize).unwrap_or(or)
}

/// How much the filters that can multiply would make at most, in bytes, by what they are given.
type Measure = fn(&[Value]) -> Result<usize, Error>;

/// The filters of the engine that can make much of little; [`limit`] has them in the same order.
const MULTIPLYING: [(&str, Measure); 7] = [
    ("replace", |args| {
        let text = args.first().map(ToString::to_string).unwrap_or_default();
        let found = args.get(1).map_or(0, |from| text.matches(&from.to_string()).count());
        Ok(found.saturating_mul(bytes_of(args.get(2))?).saturating_add(text.len()))
    }),
    ("join", |args| {
        let pieces = args.first().and_then(Value::len).unwrap_or(1);
        Ok(bytes_of(args.first())?.saturating_add(pieces.saturating_mul(bytes_of(args.get(1))?)))
    }),
    ("indent", |args| {
        let text = args.first().map(ToString::to_string).unwrap_or_default();
        Ok((text.matches('\n').count() + 1).saturating_mul(number(args, 1, 4)).saturating_add(text.len()))
    }),
    ("batch", |args| Ok(pieces(args).saturating_add(number(args, 1, 0).saturating_mul(SLOT_BYTES)))),
    ("slice", |args| Ok(pieces(args).saturating_add(number(args, 1, 0).saturating_mul(SLOT_BYTES)))),
    ("list", |args| Ok(pieces(args))),
    ("split", |args| Ok(pieces(args))),
];

/// Returns what a list of the letters of a text, or of the values of a list, would take.
fn pieces(args: &[Value]) -> usize {
    let count = args.first().map_or(0, |v| v.as_str().map(str::len).or_else(|| v.len()).unwrap_or(0));
    count.saturating_mul(SLOT_BYTES)
}

/// Puts the weighing words into an engine, weighs the filters that multiply, and takes out what cannot be weighed.
pub(super) fn limit(env: &mut Environment<'static>) {
    env.add_filter("weigh", |state: &mut State<'_, '_>, value: Value| {
        add(state, weight(&value, 0, 0)?)?;
        Ok::<_, Error>(value)
    });
    env.add_function("weigh_text", |state: &mut State<'_, '_>, bytes: usize| add(state, bytes).map(|()| ""));
    env.add_function("times", |a: f64, b: f64| {
        let product = a * b;
        #[expect(clippy::cast_possible_truncation, reason = "a whole number of fewer than 53 bits")]
        if product.fract() == 0.0 && product.abs() < 9e15 { Value::from(product as i64) } else { Value::from(product) }
    });
    let wholes = [
        Value::from_function(minijinja::filters::replace),
        Value::from_function(minijinja::filters::join),
        Value::from_function(minijinja::filters::indent),
        Value::from_function(minijinja::filters::batch),
        Value::from_function(minijinja::filters::slice),
        Value::from_function(minijinja::filters::list),
        Value::from_function(minijinja::filters::split),
    ];
    for ((name, measure), whole) in MULTIPLYING.into_iter().zip(wholes) {
        env.add_filter(name, move |state: &mut State<'_, '_>, args: Rest<Value>| {
            let bytes = measure(&args)?;
            if bytes > VALUE_BYTES_MAX {
                return Err(too_much(&format!("the filter {name} would make"), VALUE_BYTES_MAX));
            }
            add(state, bytes)?;
            whole.call(state, &args)
        });
    }
    env.remove_filter("format");
    env.remove_global("namespace");
    env.remove_global("debug");
}

/// Takes what a template writes, and no more than it may write.
#[derive(Default)]
pub(super) struct Output {
    /// What was written.
    pub bytes: Vec<u8>,
    /// Whether it wanted to write more.
    pub is_full: bool,
}

impl std::io::Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.bytes.len().saturating_add(bytes.len()) > OUTPUT_BYTES_MAX {
            self.is_full = true;
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

//! The calls of a PKCS#11 module (OASIS PKCS #11 v3.1) that signing needs.
//!
//! A safe wrapper over `cryptoki-sys`, and the only unsafe code of the workspace. The crate `cryptoki`
//! gives the names of the standard's numbers; three things are why its calls do not serve here:
//!
//! - `C_GetFunctionList` is called once. p11-kit gives a new instance at each call, and a session of
//!   one is unknown to the next.
//! - `C_SignInit`, the login of a key with `CKA_ALWAYS_AUTHENTICATE` (section 5.6.8) and `C_Sign` are
//!   three calls.
//! - Information is handed on as the module wrote it. A field that cannot be read hides no other.
//!
//! A module is loaded, initialised once, and asked which slots hold a token:
//!
//! ```
//! use std::ffi::OsStr;
//!
//! use countersign_pkcs11_calls::{LoadError, Module};
//!
//! // What is no module is refused, and nothing of it is called.
//! let refused = Module::load(OsStr::new("libm.so.6"));
//! assert!(matches!(refused, Err(LoadError::NoFunctionList)));
//!
//! # fn list() -> Result<(), Box<dyn std::error::Error>> {
//! let module = Module::load(OsStr::new("/usr/lib/softhsm/libsofthsm2.so"))
//!     .map_err(|error| format!("{error:?}"))?;
//! module.initialize(true, None).map_err(|error| error.code())?;
//! for slot in module.slots_with_token().map_err(|error| error.code())? {
//!     println!("slot {slot}");
//! }
//! module.finalize().map_err(|error| error.code())?;
//! # Ok(())
//! # }
//! ```

mod names;

use std::ffi::{CString, OsStr, c_void};
use std::{mem, ptr};

pub use cryptoki_sys as sys;
use cryptoki_sys::*;
use zeroize::Zeroizing;

/// Room for any signature: RSA of 16,384 bits has 2,048 bytes.
const LONGEST_SIGNATURE: usize = 4096;
/// Most objects that are asked for at once.
const OBJECTS: usize = 64;
/// Most objects of one class that are read: a module that never ends its list must not either.
const MOST_OBJECTS: usize = 4096;
/// Longest attribute that is read, in bytes.
const LONGEST_ATTRIBUTE: CK_ULONG = 1 << 20;

/// A call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallError {
    /// Which call, such as `C_Sign`.
    pub function: &'static str,
    /// What it returned.
    pub rv: CK_RV,
}

impl CallError {
    /// The return value as the standard names it, such as `CKR_DEVICE_REMOVED`.
    pub fn code(&self) -> String {
        names::return_value(self.rv)
    }
}

/// The name of a type of key, such as `EC EDWARDS`.
pub fn key_type_name(key_type: CK_KEY_TYPE) -> String {
    names::key_type(key_type)
}

/// Why a file could not be loaded as a module.
#[derive(Debug)]
pub enum LoadError {
    /// The error of the system's loader.
    Loader(String),
    /// It has no `C_GetFunctionList`, or gives no list.
    NoFunctionList,
    /// `C_GetFunctionList` failed.
    Call(CallError),
}

/// A module that is loaded.
pub struct Module {
    functions: CK_FUNCTION_LIST,
    /// Keeps the functions where they are.
    _library: Pkcs11,
}

/// Calls a function of the list, or says that the module does not have it.
macro_rules! call {
    ($module:expr, $function:ident, $($argument:expr),*) => {{
        let rv = match $module.functions.$function {
            // SAFETY: pointers lead to memory of the size that is given, which outlives the call;
            // handles that are unknown to the module are refused by it.
            #[expect(unsafe_code, reason = "a module is called")]
            Some(function) => unsafe { function($($argument),*) },
            None => CKR_FUNCTION_NOT_SUPPORTED,
        };
        match rv {
            CKR_OK => Ok(()),
            rv => Err(CallError { function: stringify!($function), rv }),
        }
    }};
}

/// A structure of plain numbers and bytes, all of them zero.
macro_rules! zeroed {
    ($type:ty) => {{
        // SAFETY: numbers, and arrays of numbers: zero is a value of each.
        #[expect(unsafe_code, reason = "C structures are filled in by the module")]
        unsafe {
            mem::zeroed::<$type>()
        }
    }};
}

impl Module {
    /// Loads a module, which runs whatever its file runs at loading.
    ///
    /// # Errors
    /// Fails if the file cannot be loaded, or is not a module.
    #[expect(unsafe_code, reason = "a library is loaded, and its function list read")]
    pub fn load(file: &OsStr) -> Result<Self, LoadError> {
        // SAFETY: the process exists for this, and ends with it.
        let library =
            unsafe { Pkcs11::new(file) }.map_err(|error| LoadError::Loader(error.to_string()))?;
        let Ok(list_of) = library.C_GetFunctionList else {
            return Err(LoadError::NoFunctionList);
        };
        let mut list = ptr::null_mut();
        // SAFETY: it writes one pointer there, or says that it did not.
        let rv = unsafe { list_of(&raw mut list) };
        if rv != CKR_OK {
            return Err(LoadError::Call(CallError { function: "C_GetFunctionList", rv }));
        }
        // SAFETY: a list that was given stands as long as the library (section 5.4.4).
        let functions = unsafe { list.as_ref() }.copied().ok_or(LoadError::NoFunctionList)?;
        Ok(Self { functions, _library: library })
    }

    /// `C_Initialize`, with what the module is configured by (`pReserved`) if it takes a text.
    ///
    /// # Errors
    /// The module's own code; also if the text contains a zero byte.
    pub fn initialize(&self, locking: bool, reserved: Option<&str>) -> Result<(), CallError> {
        let bad = CallError { function: "C_Initialize", rv: CKR_ARGUMENTS_BAD };
        let reserved = reserved.map(CString::new).transpose().map_err(|_| bad)?;
        let mut arguments = InitializeArguments {
            standard: CK_C_INITIALIZE_ARGS {
                CreateMutex: None,
                DestroyMutex: None,
                LockMutex: None,
                UnlockMutex: None,
                flags: if locking { CKF_OS_LOCKING_OK } else { 0 },
                pReserved: reserved
                    .as_ref()
                    .map_or(ptr::null_mut(), |text| text.as_ptr().cast_mut().cast::<c_void>()),
            },
            _nss: ptr::null_mut(),
        };
        let done = call!(self, C_Initialize, (&raw mut arguments).cast::<c_void>());
        // Some modules keep the pointer; the process is short-lived.
        mem::forget(reserved);
        done
    }

    /// `C_Finalize`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn finalize(&self) -> Result<(), CallError> {
        call!(self, C_Finalize, ptr::null_mut())
    }

    /// `C_GetInfo`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn info(&self) -> Result<CK_INFO, CallError> {
        let mut info = zeroed!(CK_INFO);
        call!(self, C_GetInfo, &raw mut info)?;
        Ok(info)
    }

    /// `C_GetSlotList`: the slots with a token in them.
    ///
    /// # Errors
    /// The module's own code.
    pub fn slots_with_token(&self) -> Result<Vec<CK_SLOT_ID>, CallError> {
        // Asked without the limit to tokens first: some modules look for new readers only then.
        let mut all = 0;
        call!(self, C_GetSlotList, CK_FALSE, ptr::null_mut(), &raw mut all)?;
        // The list may grow between asking for its length and reading it.
        for _ in 0..3 {
            let mut count = 0;
            call!(self, C_GetSlotList, CK_TRUE, ptr::null_mut(), &raw mut count)?;
            let mut slots = vec![0; length(count)];
            match call!(self, C_GetSlotList, CK_TRUE, slots.as_mut_ptr(), &raw mut count) {
                Err(CallError { rv: CKR_BUFFER_TOO_SMALL, .. }) => {}
                done => {
                    done?;
                    slots.truncate(length(count));
                    return Ok(slots);
                }
            }
        }
        Err(CallError { function: "C_GetSlotList", rv: CKR_BUFFER_TOO_SMALL })
    }

    /// `C_GetSlotInfo`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn slot_info(&self, slot: CK_SLOT_ID) -> Result<CK_SLOT_INFO, CallError> {
        let mut info = zeroed!(CK_SLOT_INFO);
        call!(self, C_GetSlotInfo, slot, &raw mut info)?;
        Ok(info)
    }

    /// `C_GetTokenInfo`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn token_info(&self, slot: CK_SLOT_ID) -> Result<CK_TOKEN_INFO, CallError> {
        let mut info = zeroed!(CK_TOKEN_INFO);
        call!(self, C_GetTokenInfo, slot, &raw mut info)?;
        Ok(info)
    }

    /// `C_GetMechanismList`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn mechanisms(&self, slot: CK_SLOT_ID) -> Result<Vec<CK_MECHANISM_TYPE>, CallError> {
        let mut count = 0;
        call!(self, C_GetMechanismList, slot, ptr::null_mut(), &raw mut count)?;
        let mut found = vec![0; length(count)];
        call!(self, C_GetMechanismList, slot, found.as_mut_ptr(), &raw mut count)?;
        found.truncate(length(count));
        Ok(found)
    }

    /// `C_WaitForSlotEvent`, however long that takes.
    ///
    /// # Errors
    /// The module's own code.
    pub fn wait_for_slot_event(&self) -> Result<(), CallError> {
        let mut slot = 0;
        call!(self, C_WaitForSlotEvent, 0, &raw mut slot, ptr::null_mut())
    }

    /// `C_OpenSession`, to read and to sign.
    ///
    /// # Errors
    /// The module's own code.
    pub fn open_session(&self, slot: CK_SLOT_ID) -> Result<Session, CallError> {
        let mut session = 0;
        let flags = CKF_SERIAL_SESSION;
        call!(self, C_OpenSession, slot, flags, ptr::null_mut(), None, &raw mut session)?;
        Ok(Session(session))
    }

    /// `C_CloseSession`.
    pub fn close(&self, session: Session) {
        // One that cannot be closed is gone.
        let _ = call!(self, C_CloseSession, session.0);
    }

    /// `C_Login`. Without a PIN the token asks for it on its own pad.
    ///
    /// # Errors
    /// The module's own code.
    pub fn login(
        &self,
        session: &Session,
        user: CK_USER_TYPE,
        pin: Option<&[u8]>,
    ) -> Result<(), CallError> {
        // The standard's parameter is not const: a copy, so that ours stays as it is.
        let mut pin = pin.map(|pin| Zeroizing::new(pin.to_vec()));
        let (start, length) = match &mut pin {
            Some(pin) => (pin.as_mut_ptr(), ulong(pin.len())),
            None => (ptr::null_mut(), 0),
        };
        call!(self, C_Login, session.0, user, start, length)
    }

    /// `C_Logout`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn logout(&self, session: &Session) -> Result<(), CallError> {
        call!(self, C_Logout, session.0)
    }

    /// `C_FindObjects`: the objects of a class that are kept on the token.
    ///
    /// # Errors
    /// The module's own code.
    pub fn objects(
        &self,
        session: &Session,
        class: CK_OBJECT_CLASS,
    ) -> Result<Vec<Object>, CallError> {
        let (mut class, mut on_token) = (class, CK_TRUE);
        let mut wanted = [
            attribute_of(CKA_CLASS, (&raw mut class).cast(), size_of::<CK_OBJECT_CLASS>()),
            attribute_of(CKA_TOKEN, (&raw mut on_token).cast(), size_of::<CK_BBOOL>()),
        ];
        call!(self, C_FindObjectsInit, session.0, wanted.as_mut_ptr(), ulong(wanted.len()))?;
        let mut found = Vec::new();
        let read = loop {
            let (mut some, mut count) = ([0; OBJECTS], 0);
            let next = call!(
                self,
                C_FindObjects,
                session.0,
                some.as_mut_ptr(),
                ulong(OBJECTS),
                &raw mut count
            );
            if let Err(error) = next {
                break Err(error);
            }
            found.extend(some.iter().take(length(count)).copied().map(Object));
            if count == 0 || found.len() >= MOST_OBJECTS {
                break Ok(());
            }
        };
        let ended = call!(self, C_FindObjectsFinal, session.0);
        read.and(ended).map(|()| found)
    }

    /// `C_GetAttributeValue` of one attribute; `None` if the object does not have or show it.
    pub fn attribute(
        &self,
        session: &Session,
        object: Object,
        kind: CK_ATTRIBUTE_TYPE,
    ) -> Option<Vec<u8>> {
        let mut wanted = attribute_of(kind, ptr::null_mut(), 0);
        call!(self, C_GetAttributeValue, session.0, object.0, &raw mut wanted, 1).ok()?;
        if wanted.ulValueLen == CK_UNAVAILABLE_INFORMATION || wanted.ulValueLen > LONGEST_ATTRIBUTE
        {
            return None;
        }
        let mut value = vec![0_u8; length(wanted.ulValueLen)];
        wanted.pValue = value.as_mut_ptr().cast();
        call!(self, C_GetAttributeValue, session.0, object.0, &raw mut wanted, 1).ok()?;
        value.truncate(length(wanted.ulValueLen));
        Some(value)
    }

    /// `C_SignInit`.
    ///
    /// # Errors
    /// The module's own code.
    pub fn sign_init(
        &self,
        session: &Session,
        mechanism: Mechanism,
        key: Object,
    ) -> Result<(), CallError> {
        let mut pss =
            CK_RSA_PKCS_PSS_PARAMS { hashAlg: CKM_SHA256, mgf: CKG_MGF1_SHA256, sLen: 32 };
        let (parameter, size) = match mechanism {
            Mechanism::Plain(_) => (ptr::null_mut(), 0),
            Mechanism::PssSha256(_) => {
                ((&raw mut pss).cast::<c_void>(), size_of::<CK_RSA_PKCS_PSS_PARAMS>())
            }
        };
        let (Mechanism::Plain(kind) | Mechanism::PssSha256(kind)) = mechanism;
        let mut mechanism =
            CK_MECHANISM { mechanism: kind, pParameter: parameter, ulParameterLen: ulong(size) };
        call!(self, C_SignInit, session.0, &raw mut mechanism, key.0)
    }

    /// `C_Sign`, in one part, of what [`Self::sign_init`] began.
    ///
    /// # Errors
    /// The module's own code.
    pub fn sign(&self, session: &Session, data: &[u8]) -> Result<Vec<u8>, CallError> {
        let mut data = data.to_vec();
        let mut signature = vec![0_u8; LONGEST_SIGNATURE];
        let (size, mut written) = (ulong(data.len()), ulong(LONGEST_SIGNATURE));
        let (start, to) = (data.as_mut_ptr(), signature.as_mut_ptr());
        call!(self, C_Sign, session.0, start, size, to, &raw mut written)?;
        signature.truncate(length(written));
        Ok(signature)
    }
}

/// The arguments of `C_Initialize`. NSS takes its configuration where the standard has `pReserved`,
/// and reads one pointer more.
#[repr(C)]
struct InitializeArguments {
    standard: CK_C_INITIALIZE_ARGS,
    _nss: *mut c_void,
}

/// A session with a token. It ends when it is closed, and with the process.
#[derive(Debug)]
pub struct Session(CK_SESSION_HANDLE);

/// An object on a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Object(CK_OBJECT_HANDLE);

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    /// A mechanism without parameters.
    Plain(CK_MECHANISM_TYPE),
    /// A mechanism of RSA-PSS, with SHA-256 and a salt of 32 bytes.
    PssSha256(CK_MECHANISM_TYPE),
}

const fn attribute_of(kind: CK_ATTRIBUTE_TYPE, value: *mut c_void, size: usize) -> CK_ATTRIBUTE {
    CK_ATTRIBUTE { type_: kind, pValue: value, ulValueLen: size as CK_ULONG }
}

/// A number of a module, which has 32 bits on some machines.
#[allow(clippy::unnecessary_cast, reason = "a cast is needed where a number has 64 bits")]
pub const fn wide(number: CK_ULONG) -> u64 {
    number as u64
}

/// A length as C has it; the largest if it does not fit, which every module refuses.
fn ulong(length: usize) -> CK_ULONG {
    CK_ULONG::try_from(length).unwrap_or(CK_ULONG::MAX)
}

/// A length from C, never more than a module can mean.
fn length(count: CK_ULONG) -> usize {
    usize::try_from(count).unwrap_or_default().min(1 << 20)
}

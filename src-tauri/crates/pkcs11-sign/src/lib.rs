//! `C_Sign` by itself (PKCS#11 v3.1 section 5.13.2).
//!
//! `cryptoki` calls it only together with `C_SignInit`, and a key with `CKA_ALWAYS_AUTHENTICATE`
//! wants its PIN between the two (section 5.6.8). This is the one call that is missing there, and the
//! only unsafe code of the workspace.

use std::ffi::OsStr;
use std::ptr;

use cryptoki_sys::{
    CK_C_Sign, CK_ULONG, CKR_FUNCTION_NOT_SUPPORTED, CKR_GENERAL_ERROR, CKR_OK, Pkcs11,
};
pub use cryptoki_sys::{CK_RV, CK_SESSION_HANDLE};

/// Room for any signature there is: RSA of 16 384 bits has 2 048 bytes.
const LONGEST: usize = 4096;

/// The function of a module that is loaded already.
pub struct Sign {
    function: CK_C_Sign,
    /// Keeps the module loaded.
    _library: Pkcs11,
}

impl Sign {
    /// Of a module that `cryptoki` has loaded from the same file.
    ///
    /// # Errors
    /// The module's own code; or `CKR_GENERAL_ERROR`, where the file is no module any more.
    #[expect(unsafe_code, reason = "a module's function list is had by calling it")]
    pub fn of(module: &OsStr) -> Result<Self, CK_RV> {
        // SAFETY: what loading it runs has run already, when it was loaded first.
        let library = unsafe { Pkcs11::new(module) }.map_err(|_| CKR_GENERAL_ERROR)?;
        let Ok(list_of) = library.C_GetFunctionList else { return Err(CKR_GENERAL_ERROR) };
        let mut list = ptr::null_mut();
        // SAFETY: it writes one pointer there, or says that it did not.
        let rv = unsafe { list_of(&raw mut list) };
        if rv != CKR_OK {
            return Err(rv);
        }
        // SAFETY: a list that was given stands as long as the library (section 5.4.4).
        let function = unsafe { list.as_ref() }.and_then(|list| list.C_Sign);
        Ok(Self { function, _library: library })
    }

    /// Signs in one part what was begun in this session.
    ///
    /// # Errors
    /// The module's own code.
    #[expect(unsafe_code, reason = "a module is called")]
    pub fn sign(&self, session: CK_SESSION_HANDLE, data: &[u8]) -> Result<Vec<u8>, CK_RV> {
        let Some(function) = self.function else { return Err(CKR_FUNCTION_NOT_SUPPORTED) };
        let length = CK_ULONG::try_from(data.len()).map_err(|_| CKR_GENERAL_ERROR)?;
        let mut data = data.to_vec();
        let mut signature = vec![0; LONGEST];
        let mut written: CK_ULONG = LONGEST as CK_ULONG;
        // SAFETY: both buffers are as long as is said, and live until it returns. Of a session that
        // is none it says so.
        let rv = unsafe {
            function(session, data.as_mut_ptr(), length, signature.as_mut_ptr(), &raw mut written)
        };
        if rv != CKR_OK {
            return Err(rv);
        }
        signature.truncate(usize::try_from(written).map_err(|_| CKR_GENERAL_ERROR)?);
        Ok(signature)
    }
}

"""What ``from module import *`` brings in, for modules that are known without being imported.

`ALWAYS` holds the names that every supported version of a module exports, `SOMETIMES` those that only some do.
"""

from __future__ import annotations

_MATH = """
    acos acosh asin asinh atan atan2 atanh cbrt ceil comb copysign cos cosh degrees dist e erf erfc exp exp2
    expm1 fabs factorial floor fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp
    lgamma log log10 log1p log2 modf nan nextafter perm pi pow prod radians remainder sin sinh sqrt tan tanh tau
    trunc ulp
"""

_CMATH = """
    acos acosh asin asinh atan atanh cos cosh e exp inf infj isclose isfinite isinf isnan log log10 nan nanj
    phase pi polar rect sin sinh sqrt tan tanh tau
"""

_NUMPY = """
    False_ ScalarType True_ absolute add all allclose amax amin angle any append apply_along_axis
    apply_over_axes arange arccos arccosh arcsin arcsinh arctan arctan2 arctanh argmax argmin argpartition
    argsort argwhere around array array2string array_equal array_equiv array_repr array_split array_str
    asanyarray asarray asarray_chkfinite ascontiguousarray asfortranarray asmatrix atleast_1d atleast_2d
    atleast_3d average bartlett base_repr binary_repr bincount bitwise_and bitwise_not bitwise_or bitwise_xor
    blackman block bmat bool_ broadcast broadcast_arrays broadcast_shapes broadcast_to busday_count
    busday_offset busdaycalendar byte bytes_ c_ can_cast cbrt cdouble ceil char character choose clip
    clongdouble column_stack common_type complex128 complex256 complex64 complexfloating compress concatenate
    conj conjugate convolve copy copysign copyto corrcoef correlate cos cosh count_nonzero cov cross csingle
    ctypeslib cumprod cumsum datetime64 datetime_as_string datetime_data deg2rad degrees delete diag
    diag_indices diag_indices_from diagflat diagonal diff digitize divide divmod dot double dsplit dstack dtype
    e ediff1d einsum einsum_path emath empty empty_like equal errstate euler_gamma exceptions exp exp2
    expand_dims expm1 extract eye fabs fft fill_diagonal finfo fix flatiter flatnonzero flexible flip fliplr
    flipud float128 float16 float32 float64 float_power floating floor floor_divide fmax fmin fmod
    format_float_positional format_float_scientific frexp from_dlpack frombuffer fromfile fromfunction fromiter
    frompyfunc fromregex fromstring full full_like gcd generic genfromtxt geomspace get_include get_printoptions
    getbufsize geterr geterrcall gradient greater greater_equal half hamming hanning heaviside histogram
    histogram2d histogram_bin_edges histogramdd hsplit hstack hypot i0 identity iinfo imag index_exp indices
    inexact inf info inner insert int16 int32 int64 int8 int_ intc integer interp intersect1d intp invert
    is_busday isclose iscomplex iscomplexobj isfinite isfortran isin isinf isnan isnat isneginf isposinf isreal
    isrealobj isscalar issubdtype iterable ix_ kaiser kron lcm ldexp left_shift less less_equal lexsort linalg
    linspace little_endian load loadtxt log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not
    logical_or logical_xor logspace longdouble longlong ma mask_indices matmul matrix maximum may_share_memory
    mean median memmap meshgrid mgrid min_scalar_type minimum mintypecode mod modf moveaxis multiply nan
    nan_to_num nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile nanprod
    nanquantile nanstd nansum nanvar ndarray ndenumerate ndim ndindex nditer negative nested_iters newaxis
    nextafter nonzero not_equal number object_ ogrid ones ones_like outer packbits pad partition percentile pi
    piecewise place poly poly1d polyadd polyder polydiv polyfit polyint polymul polysub polyval positive power
    printoptions prod promote_types ptp put put_along_axis putmask quantile r_ rad2deg radians random ravel
    ravel_multi_index real real_if_close rec recarray reciprocal record remainder repeat require reshape resize
    result_type right_shift rint roll rollaxis roots rot90 row_stack s_ save savetxt savez savez_compressed
    sctypeDict searchsorted select set_printoptions setbufsize setdiff1d seterr seterrcall setxor1d shape
    shares_memory short show_config show_runtime sign signbit signedinteger sin sinc single sinh size sort
    sort_complex spacing split sqrt square squeeze stack std str_ subtract sum swapaxes take take_along_axis tan
    tanh tensordot tile timedelta64 trace transpose tri tril tril_indices tril_indices_from trim_zeros triu
    triu_indices triu_indices_from true_divide trunc typecodes typename ubyte ufunc uint uint16 uint32 uint64
    uint8 uintc uintp ulonglong union1d unique unpackbits unravel_index unsignedinteger unwrap ushort vander var
    vdot vectorize void vsplit vstack where zeros zeros_like
"""

# In NumPy 1 or in NumPy 2, not in both.
_NUMPY_SOMETIMES = """
    ALLOW_THREADS AxisError BUFSIZE CLIP ComplexWarning DataSource ERR_CALL ERR_DEFAULT ERR_IGNORE ERR_LOG
    ERR_PRINT ERR_RAISE ERR_WARN FLOATING_POINT_SUPPORT FPE_DIVIDEBYZERO FPE_INVALID FPE_OVERFLOW FPE_UNDERFLOW
    Inf Infinity MAXDIMS MAY_SHARE_BOUNDS MAY_SHARE_EXACT ModuleDeprecationWarning NAN NINF NZERO NaN PINF PZERO
    RAISE RankWarning SHIFT_DIVIDEBYZERO SHIFT_INVALID SHIFT_OVERFLOW SHIFT_UNDERFLOW TooHardError
    UFUNC_BUFSIZE_DEFAULT UFUNC_PYVALS_NAME VisibleDeprecationWarning WRAP abs acos acosh add_docstring
    add_newdoc add_newdoc_ufunc alltrue asfarray asin asinh astype atan atan2 atanh bitwise_count bitwise_invert
    bitwise_left_shift bitwise_right_shift bool byte_bounds cast cfloat chararray clongfloat compare_chararrays
    complex_ concat core cumproduct cumulative_prod cumulative_sum deprecate deprecate_with_doc disp dtypes f2py
    fastCopyAndTranspose find_common_type float_ format_parser get_array_wrap geterrobj in1d infty isdtype
    issctype issubclass_ issubsctype lib long longcomplex longfloat lookfor mat matrix_transpose matvec max
    maximum_sctype min msort nbytes obj2sctype permute_dims polynomial pow product recfromcsv recfromtxt round
    round_ safe_eval sctype2char sctypes set_numeric_ops set_string_function seterrobj singlecomplex sometrue
    source string_ strings test testing tracemalloc_domain trapezoid trapz typing ulong unicode_ unique_all
    unique_counts unique_inverse unique_values unstack vecdot vecmat who
"""

ALWAYS: dict[str, frozenset[str]] = {
    "math": frozenset(_MATH.split()),
    "cmath": frozenset(_CMATH.split()),
    "numpy": frozenset(_NUMPY.split()),
}

SOMETIMES: dict[str, frozenset[str]] = {
    "math": frozenset({"fma", "fmax", "fmin", "issubnormal", "isnormal", "signbit", "sumprod"}),
    "cmath": frozenset(),
    "numpy": frozenset(_NUMPY_SOMETIMES.split()),
}

/* One question put to a C library for many things, in one loop: see pdfium_calls.py.
 *
 * It knows the shapes of functions, none of the library's own; it holds no state. What is
 * here does the same as many_calls.py, where this cannot be compiled. Addresses and numbers
 * come as 64-bit integers; a column of one stands for all rows.
 */
#define Py_LIMITED_API 0x030B0000
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

typedef struct {
    Py_buffer view;
    const int64_t *values;
    Py_ssize_t step;
} Column;

static void *pointer(int64_t address) { return (void *)(intptr_t)address; }

static int64_t at(const Column *column, Py_ssize_t row) {
    return column->values[row * column->step];
}

/* A column of `rows` numbers, or of one; 0 and an error where it is neither. */
static int open_column(PyObject *given, Py_ssize_t rows, Column *column) {
    if (PyObject_GetBuffer(given, &column->view, PyBUF_SIMPLE) != 0) return 0;
    Py_ssize_t count = column->view.len / (Py_ssize_t)sizeof(int64_t);
    if (count != rows && count != 1) {
        PyBuffer_Release(&column->view);
        PyErr_SetString(PyExc_ValueError, "a column of another length");
        return 0;
    }
    column->values = column->view.buf;
    column->step = count == 1 ? 0 : 1;
    return 1;
}

/* The columns of a tuple, one to three; how many there are, 0 and an error where it is none. */
static Py_ssize_t open_columns(PyObject *given, Py_ssize_t rows, Column columns[3]) {
    Py_ssize_t count = PyTuple_Size(given);
    if (count < 1 || count > 3) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "one to three columns");
        return 0;
    }
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *column = PyTuple_GetItem(given, i);
        if (column == NULL || !open_column(column, rows, &columns[i])) {
            while (i-- > 0) PyBuffer_Release(&columns[i].view);
            return 0;
        }
    }
    return count;
}

static void close_columns(Column *columns, Py_ssize_t count) {
    while (count-- > 0) PyBuffer_Release(&columns[count].view);
}

typedef int (*Of)(void *);
typedef int (*OfOne)(void *, int);
typedef int (*OfTwo)(void *, int, int);
typedef void *(*At)(void *);
typedef void *(*AtOne)(void *, int);
typedef void *(*AtTwo)(void *, int, int);

/* answers(function, is_address, columns, out): the function's answer for each row. */
static PyObject *answers(PyObject *module, PyObject *arguments) {
    unsigned long long function;
    int is_address;
    PyObject *given;
    Py_buffer out;
    Column columns[3];
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KpOw*", &function, &is_address, &given, &out)) return NULL;
    Py_ssize_t rows = out.len / (Py_ssize_t)sizeof(int64_t);
    Py_ssize_t count = open_columns(given, rows, columns);
    if (count == 0) {
        PyBuffer_Release(&out);
        return NULL;
    }
    void *call = pointer((int64_t)function);
    int64_t *written = out.buf;
    for (Py_ssize_t row = 0; row < rows; row++) {
        void *owner = pointer(at(&columns[0], row));
        int one = count > 1 ? (int)at(&columns[1], row) : 0;
        int two = count > 2 ? (int)at(&columns[2], row) : 0;
        if (is_address) {
            void *found = count == 1   ? ((At)call)(owner)
                          : count == 2 ? ((AtOne)call)(owner, one)
                                       : ((AtTwo)call)(owner, one, two);
            written[row] = (int64_t)(intptr_t)found;
        } else {
            written[row] = count == 1   ? ((Of)call)(owner)
                           : count == 2 ? ((OfOne)call)(owner, one)
                                        : ((OfTwo)call)(owner, one, two);
        }
    }
    close_columns(columns, count);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

typedef int (*Fill)(void *, void *);
typedef int (*FillTwo)(void *, void *, void *);
typedef int (*FillOf)(void *, int, void *);
typedef int (*FillTwoOf)(void *, int, void *, void *);

/* fill(function, columns, out, rows, second): what the function writes into each row of
 * `out`; `second` is where in a row its second pointer points, 0 where it has none. */
static PyObject *fill(PyObject *module, PyObject *arguments) {
    unsigned long long function;
    PyObject *given;
    Py_buffer out;
    Py_ssize_t rows, second;
    Column columns[3];
    (void)module;
    if (!PyArg_ParseTuple(arguments, "KOw*nn", &function, &given, &out, &rows, &second))
        return NULL;
    Py_ssize_t count = open_columns(given, rows, columns);
    if (count == 0 || count > 2 || (rows > 0 && second >= out.len / rows)) {
        close_columns(columns, count);
        PyBuffer_Release(&out);
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "no such way to fill");
        return NULL;
    }
    void *call = pointer((int64_t)function);
    Py_ssize_t width = rows > 0 ? out.len / rows : 0;
    for (Py_ssize_t row = 0; row < rows; row++) {
        void *owner = pointer(at(&columns[0], row));
        char *slot = (char *)out.buf + row * width;
        if (count == 1) {
            if (second) ((FillTwo)call)(owner, slot, slot + second);
            else ((Fill)call)(owner, slot);
        } else {
            int one = (int)at(&columns[1], row);
            if (second) ((FillTwoOf)call)(owner, one, slot, slot + second);
            else ((FillOf)call)(owner, one, slot);
        }
    }
    close_columns(columns, count);
    PyBuffer_Release(&out);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"answers", answers, METH_VARARGS, "A function's answer for each row."},
    {"fill", fill, METH_VARARGS, "What a function writes into each row."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_many", "One question for many things, in C.", 0, methods,
    NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__many(void) { return PyModuleDef_Init(&definition); }

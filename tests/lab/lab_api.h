/*
 * Marks what programs of the lab call and Linux does. Windows programs call the same functions in
 * lab.dll, which is built for Wine and defines this as their calling convention; see
 * wine/README.md.
 */
#ifndef LAB_LAB_API_H
#define LAB_LAB_API_H

#ifndef LAB_API
#define LAB_API
#endif

#endif

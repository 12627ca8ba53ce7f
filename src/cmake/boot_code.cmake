# Writes boot_64.bin and boot_32.bin as arrays of C: wu_boot_code_64, wu_boot_code_32.
#
#     cmake -D "FILES=boot_64.bin;boot_32.bin" -D OUTPUT=boot_code.h -P boot_code.cmake

set(text "")
foreach(file IN LISTS FILES)
    cmake_path(GET file STEM name)
    string(REGEX REPLACE "^boot" "wu_boot_code" name ${name})
    file(READ ${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(APPEND text "static const unsigned char ${name}[] = { ${bytes} };\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")

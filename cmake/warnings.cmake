# The compiler options of every target: an interface library that all targets link.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -pedantic)
# g++ 12 sees overlaps in std::string's own code (GCC bug 105651), and an endless memcmp where vectors are compared
# with <=>, in a set of octet strings for one.
target_compile_options(warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overread>)
if(PATENT_WERROR)
  # What g++ only suspects once it has inlined depends on the optimizer's mood: shown, no error.
  target_compile_options(warnings INTERFACE -Werror $<$<CXX_COMPILER_ID:GNU>:-Wno-error=stringop-overflow
    -Wno-error=array-bounds -Wno-error=maybe-uninitialized -Wno-error=free-nonheap-object -Wno-error=nonnull
    -Wno-error=dangling-pointer -Wno-error=use-after-free>)
endif()
# Without vptr: it needs run-time types, which the card's code does not have. With -pthread everywhere: PC/SC's package
# asks for it, and all who share a precompiled header must.
if(PATENT_SANITIZE)
  target_compile_options(warnings INTERFACE -fsanitize=${PATENT_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all
                                            -fno-omit-frame-pointer -pthread)
  target_link_options(warnings INTERFACE -fsanitize=${PATENT_SANITIZE})
endif()

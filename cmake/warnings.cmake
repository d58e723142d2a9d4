# The compiler options of every target: an interface library that all targets link.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE -Wall -Wextra -Wshadow -Wconversion -pedantic)
# g++ 12 sees overlaps in std::string's own code (GCC bug 105651), and an endless memcmp where vectors are compared
# with <=>, in a set of octet strings for one.
target_compile_options(warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overread>)
if(PATENT_WERROR)
  target_compile_options(warnings INTERFACE -Werror)
endif()
# Without vptr: it needs run-time types, which the card's code does not have.
if(PATENT_SANITIZE)
  target_compile_options(warnings INTERFACE -fsanitize=${PATENT_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all
                                            -fno-omit-frame-pointer -g)
  target_link_options(warnings INTERFACE -fsanitize=${PATENT_SANITIZE})
endif()

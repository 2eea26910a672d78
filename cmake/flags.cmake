# Compiler and linker flags of every target. The product compiler is clang-19 (docs/decisions/0003-clang.md).
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
find_program(CCACHE ccache)
if(CCACHE)
  # One cache for every tree on the machine; and what it must be told to know the precompiled headers (cmake/precompiled.cmake).
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
                                  CCACHE_SLOPPINESS=pch_defines,time_macros CCACHE_PCH_EXTSUM=1 ${CCACHE})
endif()
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Wnon-virtual-dtor -Werror
                    -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
# Objects built into the tree carry no machine path (the prefix map above).
add_compile_definitions(_GLIBCXX_ASSERTIONS OPENSSL_NO_DEPRECATED_3_0 SPDLOG_FMT_EXTERNAL)
if(NOT QUIETROOM_SANITIZE AND CMAKE_BUILD_TYPE MATCHES Rel)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
add_link_options(-fuse-ld=mold -Wl,-z,relro,-z,now)
if(QUIETROOM_SANITIZE)
  add_compile_options(-fsanitize=${QUIETROOM_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${QUIETROOM_SANITIZE})
endif()
if(QUIETROOM_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

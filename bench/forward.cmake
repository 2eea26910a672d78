# The forwarding path alone, for callgrind (bench/instructions.ts).
add_executable(forward_core ${CMAKE_SOURCE_DIR}/bench/forward_core.cpp)
target_include_directories(forward_core PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests)
target_link_libraries(forward_core PRIVATE quietroom_media)

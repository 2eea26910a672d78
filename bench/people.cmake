# Search and opening of people among 50,000, on either database.
add_executable(people_bench ${CMAKE_SOURCE_DIR}/bench/people.cpp)
target_link_libraries(people_bench PRIVATE quietroom_care)

# The barest forwarder and its load (bench/limit.ts starts both). Of the house only the SRTP cipher.
foreach(program forwarder load)
  add_executable(limit_${program} ${CMAKE_SOURCE_DIR}/bench/limit/${program}.cpp)
  target_include_directories(limit_${program} PRIVATE ${CMAKE_SOURCE_DIR}/bench ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(limit_${program} PRIVATE quietroom_transport)
endforeach()

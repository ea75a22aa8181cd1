using Dapper;
using Telemetry.Api.Store;

// Commands and rows are built by generated code, and each statement is checked by the compiler.
[module: DapperAot]
[module: CommandFactory<DefaultTimeoutFactory<object>>]

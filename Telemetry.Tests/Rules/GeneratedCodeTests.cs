using Mono.Cecil;

namespace Telemetry.Tests.Rules;

/// <summary>The product runs compiled ahead of time: what would need code that is written at run time is none of it.</summary>
public class GeneratedCodeTests
{
    [Fact]
    public void Dapper_itself_is_called_nowhere()
    {
        using var module = ModuleDefinition.ReadModule(typeof(Api.Program).Assembly.Location);
        var calls = from type in module.GetTypes()
                    from method in type.Methods
                    where method.HasBody
                    from instruction in method.Body.Instructions
                    where instruction.Operand is MethodReference { DeclaringType.FullName: "Dapper.SqlMapper" } called && called.Name != "AsList"
                    select $"{type.FullName}: {((MethodReference)instruction.Operand).Name}";
        calls.Distinct().Should().BeEmpty("Dapper.AOT must be able to write each command and to read each row, or Telemetry.Api.Store.PlainCommand does");
    }
}

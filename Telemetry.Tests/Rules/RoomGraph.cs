using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Telemetry.Tests.Rules;

/// <summary>Folders of a compiled assembly, and which of them use which others.</summary>
sealed class RoomGraph
{
    readonly string _root;
    readonly SortedDictionary<(string From, string To), SortedSet<string>> _arrows = [];

    RoomGraph(string root) => _root = root;

    /// <summary>Each arrow with the types that make it: <c>From → To</c>.</summary>
    public IReadOnlyDictionary<(string From, string To), SortedSet<string>> Arrows => _arrows;

    /// <summary>Reads an assembly.</summary>
    /// <param name="path">The file.</param>
    /// <param name="root">The namespace of its project; the level below it is the folder, the root itself has an empty name.</param>
    public static RoomGraph Of(string path, string root)
    {
        var graph = new RoomGraph(root);
        using var module = ModuleDefinition.ReadModule(path);
        foreach (var type in module.GetTypes()) graph.Read(type);
        return graph;
    }

    /// <summary>Folders from which a way leads back to them.</summary>
    public IReadOnlyList<string> OnCircles()
    {
        var rooms = _arrows.Keys.SelectMany(arrow => new[] { arrow.From, arrow.To }).Distinct();
        return [.. rooms.Where(room => Reachable(room).Contains(room)).Order(StringComparer.Ordinal)];
    }

    HashSet<string> Reachable(string room)
    {
        var reached = new HashSet<string>();
        var open = new Stack<string>([room]);
        while (open.TryPop(out var from))
        {
            foreach (var to in _arrows.Keys.Where(arrow => arrow.From == from).Select(arrow => arrow.To).Where(reached.Add))
                open.Push(to);
        }

        return reached;
    }

    void Read(TypeDefinition type)
    {
        if (RoomOf(type) is not { } from) return;
        void Use(TypeReference? used) => Add(from, type, used);

        Use(type.BaseType);
        foreach (var implemented in type.Interfaces) Use(implemented.InterfaceType);
        foreach (var attribute in type.CustomAttributes) Use(attribute.AttributeType);
        foreach (var field in type.Fields) Use(field.FieldType);
        foreach (var method in type.Methods)
        {
            Use(method.ReturnType);
            foreach (var parameter in method.Parameters) Use(parameter.ParameterType);
            foreach (var parameter in method.GenericParameters)
                foreach (var constraint in parameter.Constraints) Use(constraint.ConstraintType);
            if (method.HasBody) Read(method.Body, Use);
        }
    }

    static void Read(MethodBody body, Action<TypeReference?> use)
    {
        foreach (var variable in body.Variables) use(variable.VariableType);
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is TypeReference type) use(type);
            if (instruction.Operand is not MemberReference member) continue;
            use(member.DeclaringType);
            if (member is FieldReference field) use(field.FieldType);
            if (member is GenericInstanceMethod generic)
                foreach (var argument in generic.GenericArguments) use(argument);
        }
    }

    void Add(string from, TypeDefinition user, TypeReference? used)
    {
        if (used is GenericInstanceType generic)
            foreach (var argument in generic.GenericArguments) Add(from, user, argument);
        if (used is TypeSpecification wrapped) Add(from, user, wrapped.ElementType);
        if (used is null || used.IsGenericParameter || RoomOf(used) is not { } to || to == from) return;
        if (!_arrows.TryGetValue((from, to), out var types)) _arrows[(from, to)] = types = [];
        types.Add($"{Outermost(user).Name} uses {Outermost(used).Name}");
    }

    string? RoomOf(TypeReference type)
    {
        var name = Outermost(type).Namespace;
        if (name == _root) return "";
        return name.StartsWith(_root + ".", StringComparison.Ordinal) ? name[(_root.Length + 1)..] : null;
    }

    static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }
}

using System.Reflection;
using System.Text;
using Orleans.Concurrency;

namespace OrleansPayments.Architecture.Tests;

/// <summary>
/// What silos and clients of different builds say to each other, read from the attributes that both engines share: grain types, interfaces, methods and
/// messages. Types are called by their alias, which is all that Orleans sends of them; one without is called by its full name, because then that is sent.
/// </summary>
internal static class WireContracts
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(decimal)] = "decimal",
        [typeof(double)] = "double",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(string)] = "string",
    };

    public static IEnumerable<Type> GrainClasses(Assembly assembly) =>
        assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && typeof(Grain).IsAssignableFrom(type));

    /// <summary>The name that <see cref="GrainTypeAttribute"/> pins; null without. Orleans shows it nowhere but in the attribute's own data.</summary>
    public static string? PinnedGrainType(Type grainClass) =>
        grainClass.CustomAttributes.SingleOrDefault(data => data.AttributeType == typeof(GrainTypeAttribute))?.ConstructorArguments[0].Value as string;

    /// <summary>What each alias stands for; an alias must be unique among all types of a silo.</summary>
    public static ILookup<string, Type> Aliases(params IReadOnlyList<Assembly> assemblies) =>
        (from type in assemblies.SelectMany(assembly => assembly.GetTypes())
         from alias in type.GetCustomAttributes<AliasAttribute>(inherit: false)
         select (alias.Alias, type)).ToLookup(pair => pair.Alias, pair => pair.type, StringComparer.Ordinal);

    /// <summary>One block per grain type, interface and message: a heading, then its lines, indented.</summary>
    public static string Render(params IReadOnlyList<Assembly> assemblies)
    {
        var grains = assemblies.SelectMany(GrainClasses).Select(GrainClass);
        var interfaces = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type)).Select(Interface);
        var messages = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false)).Select(Message);

        var text = new StringBuilder();
        foreach (var (heading, lines) in Sorted(grains).Concat(Sorted(interfaces)).Concat(Sorted(messages)))
        {
            text.Append('\n').Append(heading).Append('\n');
            foreach (var line in lines) text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    private static IEnumerable<(string Heading, IReadOnlyList<string> Lines)> Sorted(IEnumerable<(string Heading, IReadOnlyList<string> Lines)> blocks) =>
        blocks.OrderBy(block => block.Heading, StringComparer.Ordinal);

    private static (string Heading, IReadOnlyList<string> Lines) GrainClass(Type type) =>
        ($"grain type {PinnedGrainType(type) ?? $"of class {type.FullName}"}",
            [.. type.GetInterfaces().Where(one => typeof(IGrain).IsAssignableFrom(one) && !IsEngines(one)).Select(Name).Order(StringComparer.Ordinal)]);

    private static (string Heading, IReadOnlyList<string> Lines) Interface(Type type)
    {
        // IGrainWithStringKey and its kin say what the key is; IGrain itself and IAddressable say nothing.
        var bases = type.GetInterfaces()
            .Where(one => typeof(IGrain).IsAssignableFrom(one) && (!IsEngines(one) || one.Name.StartsWith("IGrainWith", StringComparison.Ordinal))).Select(Name);
        return ($"interface {Name(type)} : {string.Join(", ", bases.Order(StringComparer.Ordinal))}",
            [.. type.GetMethods(Declared).Select(Method).Order(StringComparer.Ordinal)]);
    }

    private static string Method(MethodInfo method)
    {
        var line = new StringBuilder(AliasOf(method) ?? method.Name);
        if (method.IsGenericMethod) line.Append('`').Append(method.GetGenericArguments().Length);
        line.Append('(').AppendJoin(", ", method.GetParameters().Select(parameter => $"{Name(parameter.ParameterType)} {parameter.Name}")).Append(')');
        line.Append(" -> ").Append(Name(method.ReturnType));
        if (method.IsDefined(typeof(AlwaysInterleaveAttribute))) line.Append(", always interleaves");
        if (method.IsDefined(typeof(ReadOnlyAttribute))) line.Append(", read-only");
        if (method.IsDefined(typeof(OneWayAttribute))) line.Append(", one-way");
        if (method.GetCustomAttribute<ResponseTimeoutAttribute>() is { } timeout) line.Append(", within ").Append(timeout.Timeout);
        return line.ToString();
    }

    private static (string Heading, IReadOnlyList<string> Lines) Message(Type type)
    {
        if (type.IsEnum)
            return ($"enum {Name(type)} : {Name(Enum.GetUnderlyingType(type))}", [.. Enum.GetNames(type).Select(name => (Value: Enum.Parse(type, name), name))
                .OrderBy(member => member.Value).Select(member => $"{Enum.Format(type, member.Value, "d")} {member.name}")]);

        var heading = $"{Kind(type)} {Name(type)}";
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) heading += $" : {Name(parent)}";
        return (heading, [.. type.GetFields(Declared).Select(Member).OrderBy(member => member.Id ?? uint.MaxValue).ThenBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Id?.ToString("d", null) ?? "without id"} {member.Type} {member.Name}")]);
    }

    private static (uint? Id, string Type, string Name) Member(FieldInfo field)
    {
        // A property's backing field is written under the property's id.
        var property = field.Name.StartsWith('<') ? field.DeclaringType!.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], Declared) : null;
        var member = (MemberInfo?)property ?? field;
        return (member.GetCustomAttribute<IdAttribute>()?.Id, Name(field.FieldType), member.Name);
    }

    // Orleans writes a record in one section more than a class.
    private static string Kind(Type type)
    {
        if (type.IsValueType) return type.GetMethod("PrintMembers", Declared, [typeof(StringBuilder)]) is null ? "struct" : "record struct";
        return type.GetMethod("<Clone>$", Declared) is null ? "class" : "record";
    }

    private static string Name(Type type)
    {
        if (type.IsGenericParameter) return type.Name;
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } value) return $"{Name(value)}?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;

        var name = AliasOf(type) ?? (IsOurs(type) ? type.FullName! : type.Name);
        return type.IsGenericType ? $"{name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>" : name;
    }

    private static string? AliasOf(MemberInfo member) =>
        string.Join('|', member.GetCustomAttributes<AliasAttribute>(inherit: false).Select(alias => alias.Alias)) is { Length: > 0 } alias ? alias : null;

    private static bool IsOurs(Type type) => type.Namespace?.StartsWith("OrleansPayments", StringComparison.Ordinal) ?? false;

    private static bool IsEngines(Type type) => type.Assembly == typeof(IGrain).Assembly;
}

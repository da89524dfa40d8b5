using System.Reflection;

namespace OrleansPayments.Architecture.Tests;

/// <summary>
/// What travels between grains. The embedded engine passes it by reference and Orleans may copy it: only what cannot change makes no difference.
/// </summary>
public sealed class MessageTests
{
    private static readonly Assembly Interfaces = Assembly.Load("OrleansPayments.Grains.Interfaces");

    public static TheoryData<string> Messages()
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var method in GrainMethods())
        {
            foreach (var type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType)) Collect(type, found);
        }

        return [.. found];
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_is_serializable_immutable_and_has_a_stable_name(string name)
    {
        var type = Interfaces.GetType(name, throwOnError: true)!;
        Assert.True(type.IsDefined(typeof(GenerateSerializerAttribute)), $"{name} lacks [GenerateSerializer].");
        Assert.True(type.IsDefined(typeof(AliasAttribute)), $"{name} lacks [Alias].");
        if (type.IsEnum) return;

        Assert.True(type.IsDefined(typeof(ImmutableAttribute)), $"{name} lacks [Immutable].");
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Assert.All(type.GetFields(All), field => Assert.True(field.IsInitOnly, $"{name}.{field.Name} can change."));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_member_of_a_message_has_its_own_id(string name)
    {
        var type = Interfaces.GetType(name, throwOnError: true)!;
        if (type.IsEnum) return;

        const BindingFlags All = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var stored = type.GetFields(All).Select(field => Owner(type, field)).ToList();
        Assert.All(stored, member => Assert.True(member.IsDefined(typeof(IdAttribute)), $"{name}.{member.Name} lacks [Id]."));
        Assert.Equal(stored.Count, stored.Select(member => member.GetCustomAttribute<IdAttribute>()!.Id).Distinct().Count());
    }

    [Fact]
    public void Every_grain_interface_and_method_has_a_stable_name()
    {
        Assert.All(GrainInterfaces(), type => Assert.True(type.IsDefined(typeof(AliasAttribute)), $"{type.Name} lacks [Alias]."));
        Assert.All(GrainMethods(), method => Assert.True(method.IsDefined(typeof(AliasAttribute)), $"{method.DeclaringType!.Name}.{method.Name} lacks [Alias]."));
    }

    private static IEnumerable<Type> GrainInterfaces() =>
        Interfaces.GetTypes().Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type));

    private static IEnumerable<MethodInfo> GrainMethods() => GrainInterfaces().SelectMany(type => type.GetMethods());

    // The property that a backing field belongs to carries its attributes.
    private static MemberInfo Owner(Type type, FieldInfo field) =>
        field.Name.StartsWith('<')
            ? type.GetProperty(field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)], BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)!
            : field;

    private static void Collect(Type type, SortedSet<string> found)
    {
        foreach (var argument in type.GetGenericArguments()) Collect(argument, found);
        if (type.IsArray) Collect(type.GetElementType()!, found);

        var definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (definition.IsGenericParameter || definition.Assembly != Interfaces || !found.Add(definition.FullName!)) return;
        foreach (var field in definition.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)) Collect(field.FieldType, found);
    }
}

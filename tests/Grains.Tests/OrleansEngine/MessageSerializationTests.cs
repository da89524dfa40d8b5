using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansPayments.Grains.Shared.Journal;

namespace OrleansPayments.Grains.Tests.OrleansEngine;

/// <summary>
/// Everything that grains say to each other, through Orleans' own serializer. Inside one process Orleans hands immutable messages over as they are, so no
/// other test would notice that one cannot travel to another silo.
/// </summary>
public sealed class MessageSerializationTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<Type> Messages()
    {
        var found = new HashSet<Type>();
        var interfaces = typeof(Money).Assembly.GetTypes();
        found.UnionWith(interfaces.Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)) && !type.IsAbstract && !type.IsGenericTypeDefinition));
        foreach (var method in interfaces.Where(type => type.IsInterface && typeof(IGrain).IsAssignableFrom(type)).SelectMany(type => type.GetMethods()))
        {
            found.UnionWith(method.GetParameters().Select(parameter => parameter.ParameterType));
            if (method.ReturnType.IsGenericType) found.Add(method.ReturnType.GetGenericArguments()[0]);
        }

        return [.. found.OrderBy(type => type.ToString(), StringComparer.Ordinal)];
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_arrives_as_it_was_sent(Type type)
    {
        AssertArrives(new MessageSamples().Filled(type));
        AssertArrives(new MessageSamples().Empty(type));
        if (type.IsEnum) Assert.All(Enum.GetValues(type).Cast<object>(), AssertArrives);
    }

    [Fact]
    public void A_member_of_a_closed_family_can_be_sent_in_the_place_of_its_base()
    {
        var families = typeof(Money).Assembly.GetTypes().Where(type => type.IsAbstract && type.IsDefined(typeof(GenerateSerializerAttribute)));
        var members = families.SelectMany(family => family.Assembly.GetTypes().Where(type => type.IsSubclassOf(family) && !type.IsAbstract));
        var messages = Messages().Select<object[], Type>(row => (Type)row[0]).ToList();
        Assert.All(members, type => Assert.Contains(type, messages));
    }

    [Fact]
    public void What_the_journal_refuses_is_thrown_at_the_caller_as_what_it_is()
    {
        var unavailable = Arrived(new JournalUnavailableException("No database.", outcomeUnknown: true, new TimeoutException("Too long.")));
        Assert.Equal(("No database.", true), (unavailable.Message, unavailable.OutcomeUnknown));
        Assert.Equal("Too long.", Assert.IsType<TimeoutException>(unavailable.InnerException).Message);
        Assert.Equal("Not this.", Arrived(new JournalRejectedException("Not this.")).Message);
    }

    public void Dispose() => _services.Dispose();

    private void AssertArrives(object sent)
    {
        var difference = MessageSamples.Difference(sent, Arrived(sent), sent.GetType().Name);
        Assert.True(difference is null, difference);
    }

    // As an object: what it is must be said in the message and be found again by its alias.
    private T Arrived<T>(T sent)
    {
        var serializer = _services.GetRequiredService<Serializer>();
        return (T)serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent!))!;
    }
}

using System.Collections.Immutable;

namespace OrleansPayments.GrainEngine.Contract.Grains;

/// <summary>A generic message.</summary>
[GenerateSerializer, Immutable]
public sealed record Box<T>([property: Id(0)] T Content);

/// <summary>Takes and answers generic types.</summary>
public interface IMessageGrain : IGrainWithStringKey
{
    Task<Box<ImmutableArray<Box<string?>>>> Wrap(ImmutableArray<string?> contents);

    ValueTask<(Box<int?> Box, string? Text)> WrapOrNot(int? number, string? text);

    Task<ImmutableDictionary<string, ImmutableArray<int>>> GroupByParity(ImmutableArray<int> numbers);

    ValueTask Nothing();

    Task<Box<string>?> Null();
}

internal sealed class MessageGrain : Grain, IMessageGrain
{
    public Task<Box<ImmutableArray<Box<string?>>>> Wrap(ImmutableArray<string?> contents) =>
        Task.FromResult(new Box<ImmutableArray<Box<string?>>>([.. contents.Select(content => new Box<string?>(content))]));

    public async ValueTask<(Box<int?> Box, string? Text)> WrapOrNot(int? number, string? text)
    {
        await Task.Yield();
        return (new(number), text);
    }

    public Task<ImmutableDictionary<string, ImmutableArray<int>>> GroupByParity(ImmutableArray<int> numbers) => Task.FromResult(
        numbers.GroupBy(number => number % 2 == 0 ? "even" : "odd").ToImmutableDictionary(group => group.Key, group => group.ToImmutableArray()));

    public async ValueTask Nothing() => await Task.Yield();

    public Task<Box<string>?> Null() => Task.FromResult<Box<string>?>(null);
}

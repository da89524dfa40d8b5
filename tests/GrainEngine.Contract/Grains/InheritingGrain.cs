namespace OrleansPayments.GrainEngine.Contract.Grains;

public interface ICounted
{
    Task<int> Count(string @event, int? by = null);
}

internal interface IInheritingGrain : IGrainWithStringKey, ICounted
{
    ValueTask<string> Key();
}

/// <summary>No base class: implements <see cref="IGrainBase"/> and takes its context by injection.</summary>
internal sealed class InheritingGrain(IGrainContext context) : IGrainBase, IInheritingGrain
{
    private readonly Dictionary<string, int> _counts = [];

    public IGrainContext GrainContext { get; } = context;

    public Task<int> Count(string @event, int? by) => Task.FromResult(_counts[@event] = _counts.GetValueOrDefault(@event) + (by ?? 1));

    public ValueTask<string> Key() => new(GrainContext.GrainId.Key.ToString()!);
}

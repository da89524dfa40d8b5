using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Orleans;

/// <summary>The usual base of a grain class.</summary>
[SuppressMessage("Naming", "CA1725", Justification = "The parameter names are those of Orleans' public API.")]
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Takes the context of the activation that is being built on this thread.</summary>
    protected Grain()
        : this(RuntimeContext.Current)
    {
    }

    /// <summary>For unit tests, and for grains that take their context by injection.</summary>
    protected Grain(IGrainContext? grainContext) => GrainContext = grainContext;

    /// <summary>Null only in a grain that was built outside an engine, as a unit test may do.</summary>
    [AllowNull]
    public IGrainContext GrainContext { get; private set; }

    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The identity as text, <c>type/key</c>.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    protected IGrainFactory GrainFactory => ServiceProvider.GetRequiredService<IGrainFactory>();

    /// <summary>The services of this activation; scoped ones live as long as it does.</summary>
    protected internal IServiceProvider ServiceProvider => RequireContext().ActivationServices;

    /// <inheritdoc cref="IGrainBase.OnActivateAsync"/>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc cref="IGrainBase.OnDeactivateAsync"/>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Deactivates this activation once the calls in flight have ended; calls queued behind them run on a new activation.</summary>
    protected void DeactivateOnIdle()
    {
        RequireContext();
        GrainBaseExtensions.DeactivateOnIdle(this);
    }

    /// <summary>Keeps this activation for at least the given time; zero or less takes an earlier wish back.</summary>
    protected void DelayDeactivation(TimeSpan timeSpan)
    {
        if (RequireContext() is IDelayableGrainContext delayable)
            delayable.DelayDeactivation(timeSpan);
    }

    private IGrainContext RequireContext() =>
        GrainContext ?? throw new InvalidOperationException($"{GetType().Name} was built outside a grain engine and has no grain context.");
}

using System.ComponentModel;
using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>A reference to a grain: an identity that can be called. Equal to every other reference to the same grain. The generator derives one class per grain interface.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    private Activation? _target;

    [EditorBrowsable(EditorBrowsableState.Never)]
    protected GrainReference(IGrainReferenceRuntime runtime, GrainId grainId)
    {
        Engine = (EmbeddedGrainEngine)runtime;
        GrainId = grainId;
    }

    public GrainId GrainId { get; }

    internal IGrainReferenceRuntime Runtime => Engine;

    /// <summary>The activation that answered last, if it still lives; it spares a look-up.</summary>
    internal Activation? Target => _target is { IsDead: false } target ? target : null;

    internal TaskCreationOptions AnswerOptions => Engine.AnswerOptions;

    private EmbeddedGrainEngine Engine { get; }

    public bool Equals(GrainReference? other) => other is not null && GrainId.Equals(other.GrainId);

    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    public override int GetHashCode() => GrainId.GetHashCode();

    public override string ToString() => $"GrainReference:{GrainId}";

    internal void Remember(Activation activation) => Volatile.Write(ref _target, activation);

    internal void Forget(Activation activation) => Interlocked.CompareExchange(ref _target, null, activation);

    /// <summary>The interface that the reference was made for.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected internal abstract Type Contract { get; }

    /// <summary>Sends a call. For generated code.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Task Send(VoidRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        // The filters are the caller's own code, so even the caller of a one-way call hears of their failure.
        return Engine.OutgoingFilters is { } filters
            ? VoidRequest.FilterAsync(new OutgoingCall(this, request, filters))
            : SendUnfiltered(request);
    }

    /// <inheritdoc cref="Send(VoidRequest)"/>
    [EditorBrowsable(EditorBrowsableState.Never)]
    protected Task<TResult> Send<TResult>(ResultRequest<TResult> request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Engine.OutgoingFilters is { } filters
            ? ResultRequest<TResult>.FilterAsync(new OutgoingCall(this, request, filters))
            : SendUnfiltered(request);
    }

    internal Task SendUnfiltered(VoidRequest request)
    {
        try
        {
            if (Engine.Dispatch(this, request))
                return request.TakeAndReset();
        }
        catch (Exception exception) when (request.Method.OneWay)
        {
            return Task.FromException(exception);
        }

        return request.Method.OneWay ? Task.CompletedTask : request.Answer;
    }

    internal Task<TResult> SendUnfiltered<TResult>(ResultRequest<TResult> request) =>
        Engine.Dispatch(this, request) ? request.TakeAndReset() : request.Answer;
}

namespace OrleansPayments.PspSimulator.World.Callbacks;

/// <summary>One message on its way to one endpoint. Changed only under the lock of its <see cref="CallbackOutbox"/>.</summary>
internal sealed class CallbackDelivery(string id, CallbackMessage message, CallbackEndpoint endpoint, CallbackMode mode, DateTimeOffset createdAt, Task gate)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Id { get; } = id;

    public CallbackMessage Message { get; } = message;

    public CallbackEndpoint Endpoint { get; } = endpoint;

    public CallbackMode Mode { get; } = mode;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    /// <summary>Completes when it may be sent at the earliest.</summary>
    public Task Gate { get; } = gate;

    /// <summary>How old its signature is when it is sent.</summary>
    public TimeSpan Age { get; init; }

    /// <summary>False for a signature with another secret.</summary>
    public bool Genuine { get; init; } = true;

    /// <summary>True unless it is meant to be refused, in which case it is sent once.</summary>
    public bool Retried => Genuine && Age == TimeSpan.Zero;

    public CallbackState State { get; private set; }

    public int Attempts { get; private set; }

    /// <summary>The HTTP status of the last try; 0 before the first and if no answer came.</summary>
    public int LastStatus { get; private set; }

    /// <summary>Completes when it is delivered, failed or dropped.</summary>
    public Task Ended => _ended.Task;

    public void Tried(int status)
    {
        Attempts++;
        LastStatus = status;
    }

    public void Become(CallbackState state)
    {
        State = state;
        if (state is not (CallbackState.Waiting or CallbackState.Held)) _ended.TrySetResult();
    }
}

using Orleans.CodeGeneration;

namespace Orleans.Runtime;

/// <summary>
/// The grain's side of a caller's token. The grain gets a token of its own, cancelled in one of its turns, so that callbacks which the grain registered run
/// where its state is safe and not on the canceller's thread.
/// </summary>
internal sealed class CallCancellation(GrainRequest request, CancellationToken callerToken) : CancellationTokenSource
{
    private static readonly SendOrPostCallback CancelCallback = static state => ((CallCancellation)state!).Cancel();

    private CancellationTokenRegistration _registration;

    public CancellationToken CallerToken { get; } = callerToken;

    /// <summary>Listens to the caller's token. The request has its answer task already.</summary>
    public void Attach()
    {
        _registration = CallerToken.UnsafeRegister(static state => ((CallCancellation)state!).OnCallerCancelled(), this);
        // The answer may have come in between, and then found no registration to remove.
        if (request.IsSettled)
            Detach();
    }

    public void Detach() => _registration.Unregister();

    /// <summary>Cancels the grain's token in its turn. A call that has not started needs nothing: it is settled and will not run.</summary>
    public void CancelInTurn(Activation? target) => target?.Post(CancelCallback, this);

    private void OnCallerCancelled()
    {
        if (!request.TryCancel(CallerToken))
            return;
        request.Close();
        // The settled answer is visible before Target is read; Activation.Begin writes Target before it reads the answer. One of the two sees the other.
        CancelInTurn(Volatile.Read(ref request.Target));
    }
}

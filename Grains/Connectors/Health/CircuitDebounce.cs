using OrleansPayments.Connectors;

namespace OrleansPayments.Grains.Connectors.Health;

/// <summary>
/// Says which changes of a circuit are recorded, so that one that flaps does not fill the journal: an opening when the last recorded one is a spacing old, and the
/// closing that follows a recorded opening. What is left out is counted into the next opening. A circuit that is still open when the spacing is over is recorded then,
/// with the moment at which it opened.
/// </summary>
internal sealed class CircuitDebounce
{
    /// <summary>However short a connector rests.</summary>
    public const int ShortestSpacingSeconds = 60;

    private CircuitNote? _pending;
    private DateTimeOffset? _notBefore;
    private int _flaps;

    /// <summary>When <see cref="Due"/> is to be asked; null while nothing waits.</summary>
    public DateTimeOffset? DueAt => _pending is null ? null : _notBefore;

    /// <summary>Takes a change as it happens, in order. What is returned is to be recorded, and told of.</summary>
    /// <param name="last">The last event that was recorded; null when there is none.</param>
    /// <param name="lastOpening">The last recorded opening's moment; null when there is none.</param>
    public CircuitEvent? Take(CircuitNote note, CircuitEventKind? last, DateTimeOffset? lastOpening)
    {
        _pending = null;
        if (note.Kind == CircuitEventKind.Closed) return last == CircuitEventKind.Opened ? EventOf(note, flaps: 0) : null;

        var notBefore = Later(lastOpening + note.Spacing, _notBefore);

        // A clock that was set back must not silence it for as long.
        if (notBefore is not { } earliest || note.At >= earliest || earliest - note.At > note.Spacing) return EventOf(note, _flaps);
        (_pending, _notBefore) = (note, earliest);
        _flaps++;
        return null;
    }

    /// <summary>What waited and is to be recorded now; null for nothing.</summary>
    public CircuitEvent? Due(DateTimeOffset now)
    {
        if (_pending is not { } note || now < _notBefore) return null;
        _pending = null;
        if (note.Kind == CircuitEventKind.Closed) return EventOf(note, flaps: 0);
        _flaps--;
        return EventOf(note, _flaps);
    }

    /// <summary>What was to be recorded is.</summary>
    public void Recorded(CircuitEvent recorded)
    {
        if (recorded.Kind != CircuitEventKind.Opened) return;
        _flaps = 0;
        _notBefore = null;
    }

    /// <summary>What was to be recorded is not, and is tried again after a while unless the circuit changes before.</summary>
    public void Failed(CircuitEvent lost, TimeSpan spacing, DateTimeOffset now)
    {
        _pending = new CircuitNote(lost.Kind, lost.At, lost.Calls, lost.SuccessRate, lost.Failures, spacing);
        _notBefore = now + spacing;
        if (lost.Kind == CircuitEventKind.Opened) _flaps++;
    }

    private static CircuitEvent EventOf(CircuitNote note, int flaps) => new(note.Kind, note.At, note.Calls, note.SuccessRate, note.Failures, flaps);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) => one is null || other > one ? other : one;
}
